package dev.tributary.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Makes one connection by blocking: name, TCP, the way through a proxy, TLS with a verified host name. It knows no
 * deadline; whoever does calls {@link #abort}, which ends whatever it is waiting for, but for the name: that wait ends
 * as the system sees fit.
 */
final class SocketOpening {

    private static final int OK = 200;
    private static final int FIRST_NOT_OK = 300;

    private final WebSocketSettings settings;
    private final URI uri;
    private volatile @Nullable Socket plain;
    private volatile boolean aborted;

    SocketOpening(WebSocketSettings settings, URI uri) {
        this.settings = settings;
        this.uri = uri;
    }

    Socket open() throws WireFault {
        HostAndPort server = HostAndPort.of(uri);
        HostAndPort proxy = settings.proxy();
        try {
            Socket connected = connect(proxy != null ? proxy : server);
            if (proxy != null) {
                passThrough(connected, server);
            }
            return "wss".equals(uri.getScheme()) ? secure(connected, server) : connected;
        } catch (IOException | RuntimeException e) {
            throw Failures.connecting(e);
        }
    }

    private Socket connect(HostAndPort to) throws IOException {
        IOException failure = null;
        for (InetAddress address : InetAddress.getAllByName(to.host())) {
            Socket socket = new Socket();
            plain = socket;
            if (aborted) {
                socket.close();
            }
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, to.port()));
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure != null ? failure : new IOException("no address");
    }

    private void passThrough(Socket proxy, HostAndPort server) throws IOException, WireFault {
        OutputStream out = proxy.getOutputStream();
        String request = "CONNECT " + server + " HTTP/1.1\r\nHost: " + server + "\r\n\r\n";
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        // Byte by byte: what follows the head belongs to the server.
        int status = ResponseHead.read(proxy.getInputStream()).status();
        if (status < OK || status >= FIRST_NOT_OK) {
            throw WireFault.refused("the proxy answered " + status, null);
        }
    }

    private SSLSocket secure(Socket connected, HostAndPort server) throws IOException {
        SSLSocket secured =
                (SSLSocket) context().getSocketFactory().createSocket(connected, server.host(), server.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private SSLContext context() throws IOException {
        SSLContext given = settings.sslContext();
        try {
            return given != null ? given : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("the JVM has no TLS context", e);
        }
    }

    /** Ends the connection at once, whatever is on top of it. */
    void abort() {
        aborted = true;
        Socket socket = plain;
        if (socket != null) {
            Sockets.close(socket);
        }
    }
}
