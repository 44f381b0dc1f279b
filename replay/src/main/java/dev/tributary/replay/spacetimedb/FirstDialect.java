package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import dev.tributary.replay.spacetimedb.About.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The messages of v1, which both its protocols have in common. Every set is asked for as one of many queries. */
final class FirstDialect implements Dialect {

    @Override
    public About about(Message message, @Nullable Object self) {
        return switch (message.variant()) {
            case "IdentityToken" -> About.of(Kind.CONNECTED);
            case "InitialSubscription" -> About.answer(Kind.LEGACY, message.number("request_id"));
            case "SubscribeApplied", "SubscribeMultiApplied" ->
                About.answer(Kind.APPLIED, message.number("request_id"));
            case "UnsubscribeApplied", "UnsubscribeMultiApplied" ->
                About.answer(Kind.RELEASED, message.number("request_id"));
            case "SubscriptionError" -> About.refusal(message.number("request_id", "some"), -1, message.text("error"));
            case "TransactionUpdate" -> transaction(message, self);
            case "TransactionUpdateLight" -> About.changes(Dialect.tables(message.at("update", "tables")));
            case "OneOffQueryResponse" -> About.query(message.text("message_id"));
            case "ProcedureResult" -> About.answer(Kind.RETURNED, message.number("request_id"));
            default -> About.of(Kind.OTHER);
        };
    }

    private static About transaction(Message message, @Nullable Object self) {
        Set<String> tables = Dialect.tables(message.at("status", "Committed", "tables"));
        boolean isOwn = self instanceof BigDecimal known
                && message.at("caller_connection_id", "__connection_id__") instanceof BigDecimal caller
                && caller.compareTo(known) == 0;
        return isOwn
                ? About.call(
                        message.number("reducer_call", "request_id"),
                        message.text("reducer_call", "reducer_name"),
                        tables)
                : About.changes(tables);
    }

    @Override
    public Message applied(Message recorded, OurView.Ids ids, String table) {
        List<@Nullable Object> tables = new ArrayList<>(Json.elements(recorded.at("update", "tables")));
        tables.addAll(Json.elements(recorded.at("database_update", "tables")));
        Object single = recorded.at("rows", "table_rows");
        if (single != null) {
            tables.add(single);
        }
        return ofSet("SubscribeMultiApplied", ids.request(), ids.querySet(), Dialect.ofTable(tables, table));
    }

    @Override
    public Message released(long request, long querySet) {
        return ofSet("UnsubscribeMultiApplied", request, querySet, List.of());
    }

    private static Message ofSet(String name, long request, long querySet, List<@Nullable Object> tables) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("request_id", BigDecimal.valueOf(request));
        fields.put("total_host_execution_duration_micros", BigDecimal.ONE);
        fields.put("query_id", Map.of("id", BigDecimal.valueOf(querySet)));
        fields.put("update", Map.of("tables", tables));
        return new Message(name, fields);
    }

    @Override
    public Message refused(Message recorded, OurView.Ids ids) {
        return recorded.with("request_id", Dialect.some(ids.request())).with("query_id", Dialect.some(ids.querySet()));
    }

    @Override
    public Message answered(Message recorded, About about, String ours) {
        switch (about.kind()) {
            case QUERIED:
                return recorded.with("message_id", (Object) ours);
            case CALLED:
                if (about.request() == 0) {
                    return recorded;
                }
                Map<String, @Nullable Object> call =
                        new LinkedHashMap<>(Json.members(recorded.fields().get("reducer_call")));
                call.put("request_id", new BigDecimal(ours));
                return recorded.with("reducer_call", call);
            default:
                return recorded.with("request_id", new BigDecimal(ours));
        }
    }

    /** It does not say whose rows they are. */
    @Override
    public Message changed(Message recorded, BiFunction<Long, String, @Nullable Long> setOf) {
        return recorded;
    }
}
