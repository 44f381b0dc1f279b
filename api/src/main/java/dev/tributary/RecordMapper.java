package dev.tributary;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows as a record. All that can be decided without a row is decided in {@link #bind}; a row then costs one array,
 * the values it decodes, and one call of the constructor.
 */
final class RecordMapper<T> implements RowMapper<T> {

    private static final MethodType SPREAD = MethodType.methodType(Object.class, Object[].class);
    private static final int LONGEST_VALUE_SHOWN = 60;

    private final Class<T> record;
    private final RecordComponent[] components;
    /** The canonical constructor as {@link #SPREAD}. */
    private final MethodHandle constructor;

    private final Set<Rows.Policy> policies;
    /** The last binding made for a row of an unknown schema; any thread may replace it by an equally good one. */
    private volatile @Nullable Binding lastBinding;

    private RecordMapper(
            Class<T> record, RecordComponent[] components, MethodHandle constructor, Set<Rows.Policy> policies) {
        this.record = record;
        this.components = components;
        this.constructor = constructor;
        this.policies = policies;
    }

    static <T> RowMapper<T> of(Class<T> record, MethodHandles.Lookup lookup, Rows.Policy... policies) {
        RecordComponent[] components = record.getRecordComponents();
        if (components == null) {
            throw new ConfigurationException(record.getName() + " is no record; give a record or a RowMapper");
        }
        MethodHandle constructor = constructor(record, components, lookup)
                .asSpreader(Object[].class, components.length)
                .asType(SPREAD);
        Set<Rows.Policy> chosen = EnumSet.noneOf(Rows.Policy.class);
        chosen.addAll(List.of(policies));
        return new RecordMapper<>(record, components, constructor, chosen);
    }

    private static MethodHandle constructor(
            Class<?> record, RecordComponent[] components, MethodHandles.Lookup lookup) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        MethodType type = MethodType.methodType(void.class, types);
        try {
            return lookup.findConstructor(record, type);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            // The lookup cannot see it as it is; it may still be allowed to look inside.
        }
        try {
            return MethodHandles.privateLookupIn(record, lookup).findConstructor(record, type);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            // No right of the caller's; what is left is what the record's module opens to this one.
        }
        // Looking into a module needs its being read, which a library cannot declare for its users.
        RecordMapper.class.getModule().addReads(record.getModule());
        try {
            return MethodHandles.privateLookupIn(record, MethodHandles.lookup()).findConstructor(record, type);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            String name = record.getSimpleName();
            throw new ConfigurationException(
                    "record " + name + " is not accessible; use Rows.mapper(" + name
                            + ".class, MethodHandles.lookup()), or open its package",
                    e);
        }
    }

    @Override
    public T map(Row row) {
        Binding binding = lastBinding;
        if (binding == null || !binding.schema.equals(row.schema())) {
            binding = new Binding(row.schema());
            lastBinding = binding;
        }
        return binding.map(row);
    }

    @Override
    public RowMapper<T> bind(RowSchema schema) {
        return new Binding(schema);
    }

    /** The mapper of one schema. */
    private final class Binding implements RowMapper<T> {

        private final RowSchema schema;
        /** One for each component. */
        private final List<Cell> cells = new ArrayList<>();

        Binding(RowSchema schema) {
            this.schema = schema;
            BitSet unknown = new BitSet();
            unknown.set(0, schema.columns().size());
            for (RecordComponent component : components) {
                int column = columnOf(component.getName(), schema);
                cells.add(cell(component, column));
                if (column >= 0) {
                    unknown.clear(column);
                }
            }
            if (!unknown.isEmpty() && !policies.contains(Rows.Policy.IGNORE_UNKNOWN)) {
                String names = quoted(unknown);
                throw new MappingException("record " + record.getSimpleName() + " has no component for "
                        + (unknown.cardinality() == 1 ? "column " + names : "columns " + names)
                        + "; ignore " + (unknown.cardinality() == 1 ? "it" : "them")
                        + " with Policy.IGNORE_UNKNOWN");
            }
        }

        private Cell cell(RecordComponent component, int column) {
            Class<?> type = component.getType();
            Conversion conversion = new Conversion(type);
            if (column < 0) {
                checkMayBeMissing(component);
                return new Cell(component, column, conversion);
            }
            ColumnType columnType = schema.columns().get(column).type();
            if (!conversion.mayAccept(columnType.javaType())) {
                throw new MappingException(schema.columns().get(column).name() + ": " + text(component)
                        + " cannot hold " + columnType.name() + ", which is read as "
                        + columnType.javaType().getSimpleName());
            }
            return new Cell(component, column, conversion);
        }

        private void checkMayBeMissing(RecordComponent component) {
            if (!policies.contains(Rows.Policy.NULL_FOR_MISSING)) {
                throw new MappingException("there is no column for " + text(component) + "; there are " + names()
                        + "; read it as null with Policy.NULL_FOR_MISSING");
            }
            if (component.getType().isPrimitive()) {
                throw new MappingException("there is no column for " + text(component)
                        + ", and a primitive cannot be null; there are " + names());
            }
        }

        private List<String> names() {
            return schema.columns().stream().map(Column::name).toList();
        }

        private String quoted(BitSet columns) {
            List<String> names = new ArrayList<>();
            columns.stream().forEach(column -> names.add("'" + names().get(column) + "'"));
            return String.join(", ", names);
        }

        @Override
        public T map(Row row) {
            if (!row.schema().equals(schema)) {
                return RecordMapper.this.map(row);
            }
            @Nullable Object[] values = new Object[cells.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = cells.get(i).read(row);
            }
            return record.cast(construct(values, row));
        }

        private Object construct(@Nullable Object[] values, Row row) {
            try {
                return (Object) constructor.invokeExact(values);
            } catch (Error e) {
                throw e;
            } catch (Throwable e) {
                throw new MappingException(
                        "record " + record.getSimpleName() + " refuses row " + row.keyText() + ": "
                                + SyncException.textOf(e),
                        e);
            }
        }
    }

    /** Where the value of one component comes from. */
    private final class Cell {

        private final RecordComponent component;
        /** In the schema, or -1 when the component is null in every row. */
        private final int column;

        private final Conversion conversion;
        private final boolean primitive;

        Cell(RecordComponent component, int column, Conversion conversion) {
            this.component = component;
            this.column = column;
            this.conversion = conversion;
            this.primitive = component.getType().isPrimitive();
        }

        @Nullable
        Object read(Row row) {
            if (column < 0) {
                return null;
            }
            Object value = row.get(column);
            if (value == null) {
                checkNull(row);
                return null;
            }
            Object converted = conversion.convert(value);
            if (converted == null) {
                throw new MappingException(name(row) + ": expected " + conversion.expected() + ", got "
                        + value.getClass().getSimpleName() + " " + shown(value) + " in row " + row.keyText());
            }
            return converted;
        }

        private void checkNull(Row row) {
            if (!row.has(column) && !policies.contains(Rows.Policy.NULL_FOR_MISSING)) {
                // A partial row does not say null, it says nothing; a record could not tell the two apart.
                throw new MappingException(name(row) + ": not in the partial row " + row.keyText() + ", and "
                        + text(component) + " needs it; read it as null with Policy.NULL_FOR_MISSING");
            }
            if (primitive) {
                throw new MappingException(
                        name(row) + ": null in row " + row.keyText() + ", but " + text(component) + " is a primitive");
            }
        }

        private String name(Row row) {
            return row.schema().columns().get(column).name();
        }
    }

    private String text(RecordComponent component) {
        return "component '" + component.getType().getSimpleName() + " " + component.getName() + "' of record "
                + record.getSimpleName();
    }

    private static String shown(Object value) {
        String text = String.valueOf(value);
        return "'" + (text.length() <= LONGEST_VALUE_SHOWN ? text : text.substring(0, LONGEST_VALUE_SHOWN) + "…") + "'";
    }

    /** The column of the component's name, exactly or in snake case; -1 when there is neither. */
    private static int columnOf(String component, RowSchema schema) {
        int exact = schema.find(component);
        return exact >= 0 ? exact : schema.find(snakeCase(component));
    }

    /** {@code userId} as {@code user_id}, {@code homeURL} as {@code home_url}. */
    static String snakeCase(String camelCase) {
        StringBuilder snake = new StringBuilder(camelCase.length() + 4);
        for (int i = 0; i < camelCase.length(); i++) {
            char c = camelCase.charAt(i);
            if (!Character.isUpperCase(c)) {
                snake.append(c);
                continue;
            }
            boolean afterLower =
                    i > 0 && camelCase.charAt(i - 1) != '_' && !Character.isUpperCase(camelCase.charAt(i - 1));
            boolean lastOfCapitals = i > 0
                    && Character.isUpperCase(camelCase.charAt(i - 1))
                    && i + 1 < camelCase.length()
                    && Character.isLowerCase(camelCase.charAt(i + 1));
            if (afterLower || lastOfCapitals) {
                snake.append('_');
            }
            snake.append(Character.toLowerCase(c));
        }
        return snake.toString();
    }
}
