package dev.tributary.replay;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Keeps the client's warnings out of the output of tests that damage what it reads, hundreds of times. By reflection,
 * because this module does not read java.logging, which is behind {@link System.Logger} here.
 */
public final class QuietLog implements BeforeAllCallback, AfterAllCallback {

    private static final String LEVEL = "java.util.logging.Level";

    /** Held, so that its level stays. */
    private Object logger;

    @Override
    public void beforeAll(ExtensionContext context) throws ReflectiveOperationException {
        Class<?> type = Class.forName("java.util.logging.Logger");
        logger = type.getMethod("getLogger", String.class).invoke(null, "dev.tributary");
        set(Class.forName(LEVEL).getField("OFF").get(null));
    }

    @Override
    public void afterAll(ExtensionContext context) throws ReflectiveOperationException {
        set(null);
    }

    private void set(Object level) throws ReflectiveOperationException {
        logger.getClass().getMethod("setLevel", Class.forName(LEVEL)).invoke(logger, level);
    }
}
