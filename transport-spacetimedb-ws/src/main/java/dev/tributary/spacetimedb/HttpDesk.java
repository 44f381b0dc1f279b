package dev.tributary.spacetimedb;

import dev.tributary.Credential;
import dev.tributary.SyncException;
import dev.tributary.http.Exchanges;
import dev.tributary.spi.Call;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests of the application over HTTP: they wait for the credentials alone, not for the WebSocket. */
final class HttpDesk {

    private final Targets targets;
    private final Exchanges exchanges;
    private final Set<Call> waiting = new LinkedHashSet<>();
    private final Set<Call> sent = new LinkedHashSet<>();
    private @Nullable Credential credential;

    HttpDesk(Targets targets, Exchanges exchanges) {
        this.targets = targets;
        this.exchanges = exchanges;
    }

    void ask(Call call, Output out) {
        waiting.add(call);
        pump(out);
    }

    void known(Credential received, Output out) {
        credential = received;
        pump(out);
    }

    void forget(Call call) {
        waiting.remove(call);
        sent.remove(call);
    }

    private void pump(Output out) {
        Credential ready = credential;
        if (ready == null) {
            return;
        }
        Set<Call> now = new LinkedHashSet<>(waiting);
        waiting.clear();
        for (Call call : now) {
            Wish.Http wish = (Wish.Http) call.request();
            sent.add(call);
            out.sent(call);
            exchanges.begin(wish.target(targets, ready), new Answer(call, wish), out);
        }
    }

    /** The answer for one call. */
    private final class Answer implements Exchanges.Answer {

        private final Call call;
        private final Wish.Http wish;

        Answer(Call call, Wish.Http wish) {
            this.call = call;
            this.wish = wish;
        }

        @Override
        public void answered(Head head, byte[] body, Output out) {
            int status = head.status();
            if (!sent.remove(call)) {
                return;
            }
            Object answer;
            try {
                answer = wish.answer(status, new String(body, StandardCharsets.UTF_8));
            } catch (SyncException e) {
                out.refuse(call, e);
                return;
            }
            out.reply(call, answer);
        }

        @Override
        public void failed(SyncException reason, Output out) {
            if (sent.remove(call)) {
                out.refuse(call, wish.failure(reason));
            }
        }
    }
}
