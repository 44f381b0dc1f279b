package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.ConfigurationException;
import dev.tributary.spacetimedb.Arguments;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** The arguments of one call in the form that the wire takes. */
public final class ArgumentWriter {

    private ArgumentWriter() {}

    /**
     * The BSATN of the arguments.
     *
     * @param function what is called; null where the schema does not tell: then only BSATN will do
     * @throws ConfigurationException when they do not fit; the message names the function and the parameter
     */
    public static byte[] toBsatn(String name, @Nullable FunctionSchema function, Arguments arguments) {
        if (function == null) {
            if (arguments instanceof Arguments.Bsatn bsatn) {
                return bsatn.bytes();
            }
            throw withoutSchema(name, "Arguments.bsatn");
        }
        try {
            return encoded(function, arguments);
        } catch (IllegalArgumentException e) {
            throw unfit(name, e);
        }
    }

    private static byte[] encoded(FunctionSchema function, Arguments arguments) {
        Product parameters = function.parameters();
        if (arguments instanceof Arguments.Bsatn bsatn) {
            byte[] bytes = bsatn.bytes();
            BsatnReader in = new BsatnReader(bytes);
            parameters.skip(in, AlgebraicType.MOST_LEVELS);
            in.checkEnd();
            return bytes;
        }
        if (arguments instanceof Arguments.Json json) {
            return new JsonInput()
                    .read(parameters, json.text(), JsonSource.Dialect.ARGUMENTS)
                    .toBytes();
        }
        BsatnWriter out = new BsatnWriter();
        Object values = arguments instanceof Arguments.Positional positional
                ? positional.values()
                : arguments instanceof Arguments.Named named ? named.values() : null;
        parameters.encode(values, out, AlgebraicType.MOST_LEVELS);
        return out.toBytes();
    }

    /**
     * The JSON text of the arguments. A JSON text is passed on as it is, once it is known to fit.
     *
     * @param function what is called; null where the schema does not tell: then only JSON will do
     * @throws ConfigurationException when they do not fit; the message names the function and the parameter
     */
    public static String toJson(String name, @Nullable FunctionSchema function, Arguments arguments) {
        if (function == null) {
            if (arguments instanceof Arguments.Json json) {
                return json.text();
            }
            throw withoutSchema(name, "Arguments.json");
        }
        byte[] bsatn = toBsatn(name, function, arguments);
        if (arguments instanceof Arguments.Json json) {
            return json.text();
        }
        try {
            return json(function.parameters(), bsatn);
        } catch (IllegalArgumentException e) {
            throw unfit(name, e);
        }
    }

    private static String json(AlgebraicType type, byte[] bsatn) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonInput.FACTORY.createGenerator(text)) {
            BsatnReader in = new BsatnReader(bsatn);
            type.toJson(in, out, AlgebraicType.MOST_LEVELS);
            in.checkEnd();
        } catch (IOException e) {
            throw new IllegalArgumentException(JsonInput.firstLine(e), e);
        }
        return text.toString();
    }

    private static ConfigurationException withoutSchema(String name, String form) {
        return new ConfigurationException("the schema of the database does not tell the parameters of '" + name
                + "'; give " + form + ", or the schema");
    }

    private static ConfigurationException unfit(String name, IllegalArgumentException e) {
        return new ConfigurationException("the arguments of " + name + ": " + e.getMessage(), e);
    }
}
