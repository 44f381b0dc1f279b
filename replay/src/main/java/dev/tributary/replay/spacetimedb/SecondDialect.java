package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import dev.tributary.replay.spacetimedb.About.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The messages of v2 and v3. A recorded set may have several tables, each of which is a query set of ours. */
final class SecondDialect implements Dialect {

    private static final String SETS = "query_sets";

    @Override
    public About about(Message message, @Nullable Object self) {
        return switch (message.variant()) {
            case "InitialConnection" -> About.of(Kind.CONNECTED);
            case "SubscribeApplied" -> About.answer(Kind.APPLIED, message.number("request_id"));
            case "UnsubscribeApplied" -> About.answer(Kind.RELEASED, message.number("request_id"));
            case "SubscriptionError" ->
                About.refusal(
                        message.number("request_id", "some"), message.number("query_set_id"), message.text("error"));
            case "TransactionUpdate" -> About.changes(tables(message.at(SETS)));
            case "OneOffQueryResult" -> About.query(String.valueOf(message.number("request_id")));
            case "ReducerResult" ->
                About.call(message.number("request_id"), "", tables(message.at("outcome", "Ok", SETS)));
            case "ProcedureResult" -> About.answer(Kind.RETURNED, message.number("request_id"));
            default -> About.of(Kind.OTHER);
        };
    }

    private static Set<String> tables(@Nullable Object sets) {
        Set<String> names = new TreeSet<>();
        Json.elements(sets)
                .forEach(set -> names.addAll(Dialect.tables(Json.members(set).get("tables"))));
        return names;
    }

    @Override
    public Message applied(Message recorded, OurView.Ids ids, String table) {
        return recorded.with("request_id", ids.request())
                .with("query_set_id", ids.querySet())
                .with("rows", Map.of("tables", Dialect.ofTable(Json.elements(recorded.at("rows", "tables")), table)));
    }

    @Override
    public Message released(long request, long querySet) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("request_id", BigDecimal.valueOf(request));
        fields.put("query_set_id", BigDecimal.valueOf(querySet));
        fields.put("rows", Map.of("none", Map.of()));
        return new Message("UnsubscribeApplied", fields);
    }

    @Override
    public Message refused(Message recorded, OurView.Ids ids) {
        boolean isAnswer = recorded.number("request_id", "some") >= 0;
        Message ours = recorded.with("query_set_id", ids.querySet());
        return isAnswer ? ours.with("request_id", Dialect.some(ids.request())) : ours;
    }

    @Override
    public Message answered(Message recorded, About about, String ours) {
        return recorded.with("request_id", new BigDecimal(ours));
    }

    @Override
    public @Nullable Message changed(Message recorded, BiFunction<Long, String, @Nullable Long> setOf) {
        if (recorded.variant().equals("TransactionUpdate")) {
            List<Object> sets = sets(recorded.at(SETS), setOf);
            return sets.isEmpty() ? null : recorded.with(SETS, sets);
        }
        Map<String, @Nullable Object> outcome = Json.members(recorded.at("outcome"));
        Map<String, @Nullable Object> ok = new LinkedHashMap<>(Json.members(outcome.get("Ok")));
        if (ok.isEmpty()) {
            return recorded;
        }
        ok.put(SETS, sets(ok.get(SETS), setOf));
        return recorded.with("outcome", Map.of("Ok", ok));
    }

    /** Where two recorded sets have one query of ours, it is told once. */
    private static List<Object> sets(@Nullable Object recorded, BiFunction<Long, String, @Nullable Long> setOf) {
        Map<Long, List<@Nullable Object>> ours = new LinkedHashMap<>();
        for (Object each : Json.elements(recorded)) {
            Map<String, @Nullable Object> set = Json.members(each);
            long id = set.get("query_set_id") instanceof BigDecimal number ? number.longValue() : -1;
            List<@Nullable Object> tables = Json.elements(set.get("tables"));
            Set<String> names = new LinkedHashSet<>(Dialect.tables(tables));
            for (String table : names) {
                Long to = setOf.apply(id, table);
                if (to != null) {
                    ours.putIfAbsent(to, Dialect.ofTable(tables, table));
                }
            }
        }
        List<Object> sets = new ArrayList<>();
        ours.forEach((id, tables) -> {
            Map<String, @Nullable Object> set = new LinkedHashMap<>();
            set.put("query_set_id", BigDecimal.valueOf(id));
            set.put("tables", tables);
            sets.add(set);
        });
        return sets;
    }
}
