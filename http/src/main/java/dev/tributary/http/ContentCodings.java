package dev.tributary.http;

import dev.tributary.spi.Head;
import java.util.List;
import java.util.Locale;

/** Finds the decoder of a response. */
final class ContentCodings {

    private ContentCodings() {}

    static ContentDecoder decoder(Head head) {
        String coding = String.join(",", head.headers().getOrDefault("content-encoding", List.of()))
                .strip()
                .toLowerCase(Locale.ROOT);
        return switch (coding) {
            case "", "identity" -> new PlainContent();
            case "gzip", "x-gzip" -> new GzipContent();
            case "deflate" -> new DeflateContent();
            default -> new UnknownContent(coding);
        };
    }
}
