package dev.tributary.testkit.electric;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What the JDK's oldest HTTP client, the one in java.base, received. */
record HttpAnswer(int status, HttpURLConnection connection, byte[] bytes) {

    static HttpAnswer of(URI uri, String method, Map<String, String> headers, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod(method);
        headers.forEach(connection::setRequestProperty);
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new HttpAnswer(status, connection, in == null ? new byte[0] : in.readAllBytes());
        }
    }

    String body() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    String header(String name) {
        String value = connection.getHeaderField(name);
        return value == null ? "absent" : value;
    }
}
