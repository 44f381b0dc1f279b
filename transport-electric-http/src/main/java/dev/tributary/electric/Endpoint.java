package dev.tributary.electric;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the shapes are. An address without a path, or with one that ends in a slash, is that of a server: {@code
 * v1/shape} is put behind. Any other is taken as it is: that of a proxy's own route.
 *
 * @param address without its query
 * @param parameters of its own; their values may be secret
 */
record Endpoint(String address, List<RequestUrl.Parameter> parameters) {

    static Endpoint of(URI uri) {
        String path = Optional.ofNullable(uri.getRawPath()).orElse("");
        if (path.isEmpty()) {
            path = "/";
        }
        String address =
                uri.getScheme() + "://" + uri.getRawAuthority() + path + (path.endsWith("/") ? "v1/shape" : "");
        return new Endpoint(address, parameters(uri.getRawQuery()));
    }

    private static List<RequestUrl.Parameter> parameters(@Nullable String query) {
        List<RequestUrl.Parameter> parameters = new ArrayList<>();
        if (query != null) {
            for (String pair : query.split("&")) {
                int equals = pair.indexOf('=');
                String name = RequestUrl.decode(equals < 0 ? pair : pair.substring(0, equals));
                if (!name.isEmpty()) {
                    String value = equals < 0 ? "" : RequestUrl.decode(pair.substring(equals + 1));
                    parameters.add(new RequestUrl.Parameter(name, value, true));
                }
            }
        }
        return List.copyOf(parameters);
    }

    /** Shows no parameter. */
    @Override
    public String toString() {
        return address;
    }
}
