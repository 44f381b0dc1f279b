package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** JSON texts on their way to BSATN, one after another into one buffer. For one thread. */
final class JsonInput {

    private static final int MOST_DIGITS = 1_000;
    /** A level of a value is at most two of JSON. */
    private static final int MOST_LEVELS = 2 * AlgebraicType.MOST_LEVELS + 2;

    static final JsonFactory FACTORY = JsonFactory.builder()
            // The text is in memory already, so a long string in it costs nothing new.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(MOST_DIGITS)
                    .maxNestingDepth(MOST_LEVELS)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final BsatnWriter out = new BsatnWriter();

    /** Makes a parser. */
    @FunctionalInterface
    private interface Opening {
        JsonParser open() throws IOException;
    }

    /** The BSATN of this text; valid until the next one is read. */
    BsatnWriter read(AlgebraicType type, String text, JsonSource.Dialect dialect) {
        return read(type, () -> FACTORY.createParser(text), dialect);
    }

    /** The BSATN of a part of these characters; valid until the next one is read. */
    BsatnWriter read(AlgebraicType type, char[] chars, int offset, int length, JsonSource.Dialect dialect) {
        return read(type, () -> FACTORY.createParser(chars, offset, length), dialect);
    }

    private BsatnWriter read(AlgebraicType type, Opening opening, JsonSource.Dialect dialect) {
        out.clear();
        try (JsonParser parser = opening.open()) {
            JsonSource source = new JsonSource(parser, dialect);
            source.next();
            type.fromJson(source, out, AlgebraicType.MOST_LEVELS);
            if (parser.nextToken() != null) {
                throw source.unfit("nothing more");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON: " + firstLine(e), e);
        }
        return out;
    }

    /** Jackson adds the place and a part of the input on lines of its own. */
    static String firstLine(IOException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
