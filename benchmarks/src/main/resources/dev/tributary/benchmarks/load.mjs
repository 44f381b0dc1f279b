// Loads a shape by the official client and says how many rows there are.
import { Shape, ShapeStream } from '@electric-sql/client'

const stream = new ShapeStream({
  url: `${process.argv[2]}/v1/shape`,
  params: { table: 'items' },
})
const rows = await new Shape(stream).rows
console.log(`RESULT ${rows.length}`)
process.exit(0)
