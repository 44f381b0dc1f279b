package dev.tributary.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicLong;

/** Downloads a shape by {@code java.net.http} and does nothing with it but count the bytes: the bound for a load. */
public final class BareDownload {

    private BareDownload() {}

    /** Downloads from this server, chunk by chunk, and prints the number of bytes. */
    public static void main(String[] args) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        AtomicLong bytes = new AtomicLong();
        String offset = "-1";
        boolean upToDate = false;
        while (!upToDate) {
            URI uri = URI.create(args[0] + "/v1/shape?table=items&offset=" + offset);
            HttpRequest request = HttpRequest.newBuilder(uri).build();
            HttpResponse<Void> response = client.send(
                    request,
                    BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(piece -> bytes.addAndGet(piece.length))));
            offset = response.headers().firstValue("electric-offset").orElseThrow();
            upToDate = response.headers().firstValue("electric-up-to-date").isPresent();
        }
        System.out.println("RESULT " + bytes);
    }
}
