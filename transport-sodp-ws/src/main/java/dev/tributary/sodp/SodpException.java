package dev.tributary.sodp;

import dev.tributary.RejectedException;

/** A SODP server refused something: a key, a call or a token. Nothing of it happened. */
public final class SodpException extends RejectedException {

    private static final long serialVersionUID = 1;

    private final long code;
    private final String serverText;

    SodpException(long code, String serverText, String what) {
        super("the server refused " + what + ": "
                + (code == 0 ? Shown.text(serverText) : code + " " + Shown.text(serverText)));
        this.code = code;
        this.serverText = serverText;
    }

    /**
     * The code of the server, for example 403; 0 where it gives none, as the TypeScript server does for calls.
     */
    public long code() {
        return code;
    }

    /** What the server said. */
    public String serverText() {
        return serverText;
    }
}
