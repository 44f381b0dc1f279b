package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The modules that the recordings were made with: their schemas as recorded, their functions as far as they are called. */
final class RecordedModule {

    private RecordedModule() {}

    static SpacetimeDbModule of(String schema, boolean old) {
        SpacetimeDbModule.Builder module = SpacetimeDbModule.ofSchema(schema);
        common(module, old ? "noKey" : "nokey");
        if (old) {
            module.oldLibraries();
            module.does("person_put", c -> c.put("person", c.arg(0), c.sender(), c.arg(1), c.arg(2), c.arg(3)));
            return module.build();
        }
        module.event("chat_event");
        people(module);
        things(module);
        items(module);
        return module.build();
    }

    private static void common(SpacetimeDbModule.Builder module, String nokey) {
        module.does("nokey_add", c -> c.insert(nokey, c.arg(0), c.arg(1)))
                .does("fail", c -> {
                    throw new ReducerException(c.text(0));
                })
                .does("boom", c -> {
                    throw new IllegalStateException(c.text(0));
                })
                .does("person_del", c -> c.deleteBy("person", "id", c.arg(0)))
                .does("person_swap", c -> {
                    List<Object> a = person(c, c.arg(0));
                    List<Object> b = person(c, c.arg(1));
                    rekey(c, List.of(a, b), List.of(c.arg(1), c.arg(0)));
                })
                .does(
                        "start_tick",
                        c -> c.insert("tick", 0, new SumValue(1, c.micros() + c.number(0) * 1_000), c.arg(1)))
                .does("run_tick", c -> c.insert(nokey, 4242, "tick " + ((List<?>) c.arg(0)).get(2)));
    }

    private static void people(SpacetimeDbModule.Builder module) {
        module.does("person_add", c -> c.insert("person", 0, c.sender(), c.arg(0), List.of(c.arg(1), c.arg(2))))
                .does("person_put", c -> c.put("person", c.arg(0), c.sender(), c.arg(1), List.of(c.arg(2), c.arg(3))))
                .does("person_set", c -> {
                    List<Object> old = person(c, c.arg(0));
                    c.put("person", c.arg(0), old.get(1), c.arg(1), List.of(c.arg(2), c.arg(3)));
                })
                .does("person_same", c -> {
                    List<Object> old = person(c, c.arg(0));
                    c.deleteRow("person", old);
                    c.insertRow("person", old);
                })
                .does("person_rekey", c -> rekey(c, List.of(person(c, c.arg(0))), List.of(c.arg(1))))
                .does("person_move_all", c -> {
                    for (List<Object> row : c.rows("person")) {
                        List<?> at = (List<?>) row.get(3);
                        c.put(
                                "person",
                                row.get(0),
                                row.get(1),
                                row.get(2),
                                List.of((Integer) at.get(0) + c.number(0), (Integer) at.get(1) + c.number(1)));
                    }
                })
                .does("person_bulk", c -> {
                    for (int i = 0; i < c.number(0); i++) {
                        c.insert("person", 0, c.sender(), Optional.of(c.text(1) + i), List.of(i, i));
                    }
                })
                .shows("my_people", RecordedModule::mine)
                .shows("my_people_keyed", RecordedModule::mine)
                .shows("pet_one", c -> new ArrayList<>(c.findAll("pet", "id", 1)))
                .shows("fragile", c -> List.of());
    }

    private static List<Object> mine(ModuleContext c) {
        return new ArrayList<>(c.rows("person").stream()
                .filter(row -> row.get(1).equals(c.sender()))
                .toList());
    }

    private static List<Object> person(ModuleContext c, Object id) throws ReducerException {
        return c.find("person", "id", id).orElseThrow(() -> new ReducerException("no such person"));
    }

    private static void rekey(ModuleContext c, List<List<Object>> rows, List<Object> keys) {
        rows.forEach(row -> c.deleteRow("person", row));
        for (int i = 0; i < rows.size(); i++) {
            List<Object> row = new ArrayList<>(rows.get(i));
            row.set(0, keys.get(i));
            c.insertRow("person", row);
        }
    }

    private static void things(SpacetimeDbModule.Builder module) {
        module.does("nokey_add_twice", c -> {
                    c.insert("nokey", c.arg(0), c.arg(1));
                    c.insert("nokey", c.arg(0), c.arg(1));
                })
                .does("nokey_bulk", c -> {
                    for (int i = 0; i < c.number(0); i++) {
                        c.insert("nokey", i, c.arg(1));
                    }
                })
                .does("nokey_del", c -> c.delete("nokey", c.arg(0), c.arg(1)))
                .does("nokey_del_a", c -> c.deleteBy("nokey", "a", c.arg(0)))
                .does("pet_put", c -> c.put("pet", c.arg(0), c.arg(1), c.arg(2)))
                .does("pet_del", c -> c.deleteBy("pet", "id", c.arg(0)))
                .does("plain_put", c -> c.put("plain_case", c.arg(0), c.arg(1)))
                .does("order_put", c -> {
                    c.put("first_order", c.arg(0), c.arg(1), c.arg(2));
                    c.put("second_order", c.arg(2), c.arg(1), c.arg(0));
                })
                .does("emit", c -> c.insert("chat_event", c.arg(0), c.arg(1)))
                .does("emit_many", c -> {
                    for (int i = 0; i < c.number(0); i++) {
                        c.insert("chat_event", "e" + i, i);
                    }
                    c.insert("nokey", -1, "with events");
                })
                .does("fail_after_write", c -> {
                    c.insert("nokey", -99, c.arg(0));
                    throw new ReducerException(c.text(0));
                })
                .does("big_fill", c -> {
                    for (int i = 0; i < c.number(1); i++) {
                        c.put(
                                "big",
                                c.number(0) + i,
                                (c.number(0) + i) + ":" + c.text(2).repeat((int) c.number(3)));
                    }
                })
                .does("big_put", c -> c.put("big", c.arg(0), c.arg(1)))
                .does("big_del", c -> {
                    for (int i = 0; i < c.number(1); i++) {
                        c.deleteBy("big", "id", c.number(0) + i);
                    }
                })
                .does("start_interval", c -> c.insert("tick", 0, new SumValue(0, c.number(0) * 1_000), c.arg(1)))
                .does("stop_ticks", c -> c.clear("tick"))
                .does("set_gate", c -> c.put("gate", 0, c.arg(0), c.arg(1), c.sender()))
                .does("on_connect", c -> {
                    Optional<List<Object>> gate = c.find("gate", "id", 0);
                    if (gate.isPresent() && gate.get().get(1).equals(true)) {
                        throw new ReducerException("the gate is closed");
                    } else if (gate.isPresent() && gate.get().get(2).equals(true)) {
                        throw new IllegalStateException("the gate fell down");
                    }
                })
                .returns("add", c -> c.number(0) + c.number(1))
                .returns(
                        "report",
                        c -> List.of(
                                c.count("person"), c.arg(0), new SumValue(1, List.of(3, Optional.empty())), c.sender()))
                .returns("proc_write", c -> {
                    c.transact(tx -> tx.insert("nokey", c.arg(0), c.arg(1)));
                    return List.of();
                })
                .returns("proc_boom", c -> {
                    throw new IllegalStateException("boom");
                });
    }

    private static void items(SpacetimeDbModule.Builder module) {
        module.does(
                        "item_sample",
                        c -> c.put("item", sample(c, (int) c.number(1)).toArray()))
                .does("item_args", c -> c.put("item", c.args().toArray()))
                .does("item_put", c -> c.put("item", ((List<?>) c.arg(0)).toArray()))
                .does("item_del", c -> c.deleteBy("item", "id", c.arg(0)))
                .does("odd_put", c -> {
                    Object[] row = ((List<?>) c.arg(0)).toArray();
                    c.deleteBy("odd", "key", row[0]);
                    c.tryInsert("odd", row);
                });
    }

    /** The kinds of sample rows of the recorded module. */
    private static List<Object> sample(ModuleContext c, int kind) {
        List<Object> row = new ArrayList<>(Collections.nCopies(28, 0));
        row.set(0, c.arg(0));
        row.set(1, false);
        row.set(16, "");
        row.set(17, new byte[0]);
        row.set(18, List.of());
        row.set(19, List.of());
        row.set(24, SumValue.of(0));
        row.set(25, SumValue.of(0));
        row.set(26, Optional.empty());
        switch (kind) {
            case 1 -> largest(c, row);
            case 2 -> smallest(row);
            case 3 -> {
                row.set(14, Float.NaN);
                row.set(15, Double.NaN);
                row.set(24, new SumValue(3, Optional.empty()));
            }
            case 4 -> {
                row.set(14, Float.POSITIVE_INFINITY);
                row.set(15, Double.NEGATIVE_INFINITY);
                row.set(24, new SumValue(2, "x"));
            }
            case 5 -> odd(row);
            default -> {}
        }
        return row;
    }

    private static void largest(ModuleContext c, List<Object> row) {
        row.set(1, true);
        for (int bytes = 1, at = 2; at < 8; bytes *= 2, at++) {
            row.set(at, BigInteger.TWO.pow(8 * bytes).subtract(BigInteger.ONE));
            row.set(at + 6, BigInteger.TWO.pow(8 * bytes - 1).subtract(BigInteger.ONE));
        }
        byte[] data = new byte[256];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) i;
        }
        row.set(14, Float.MAX_VALUE);
        row.set(15, Double.MAX_VALUE);
        row.set(16, "héllo 😀 \"quoted\" \\ \0 \n\t\u007f\u2028 end");
        row.set(17, data);
        row.set(18, List.of(List.of(Integer.MIN_VALUE, Integer.MAX_VALUE), List.of(0, -1)));
        row.set(19, List.of(Optional.empty(), Optional.of(-1), Optional.of(32767), Optional.empty()));
        row.set(20, c.sender());
        BigInteger connection = c.connectionId();
        row.set(21, connection == null ? BigInteger.ZERO : connection);
        row.set(22, Long.MAX_VALUE);
        row.set(23, Long.MAX_VALUE);
        row.set(24, new SumValue(1, List.of(7, Optional.of(9))));
        row.set(25, SumValue.of(2));
        row.set(26, Optional.of(Optional.of(List.of(1, Optional.empty()))));
        row.set(27, BigInteger.TWO.pow(128).subtract(BigInteger.TWO));
    }

    private static void smallest(List<Object> row) {
        for (int bytes = 1, at = 8; at < 14; bytes *= 2, at++) {
            row.set(at, BigInteger.TWO.pow(8 * bytes - 1).negate());
        }
        row.set(14, Float.MIN_NORMAL);
        row.set(15, Double.MIN_VALUE);
        row.set(16, "👩\u200d🚀 مرحبا e\u0301");
        row.set(17, new byte[1]);
        row.set(22, -1);
        row.set(23, -86_400_000_000L);
        row.set(24, new SumValue(3, Optional.of(List.of(-5, 6))));
        row.set(25, SumValue.of(1));
        row.set(26, Optional.of(Optional.empty()));
        row.set(27, 1);
    }

    private static void odd(List<Object> row) {
        row.set(5, (1L << 53) + 1);
        row.set(6, BigInteger.TWO.pow(64));
        row.set(7, new BigInteger("10000000000000000000000000000dead", 16));
        row.set(11, -(1L << 53) - 1);
        row.set(12, BigInteger.TWO.pow(64).negate().subtract(BigInteger.ONE));
        row.set(13, -1);
        row.set(14, -0.0f);
        row.set(15, 0.1);
        row.set(16, "0");
        row.set(17, HexFormat.of().parseHex(""));
        row.set(20, 42);
        row.set(21, 43);
        row.set(22, 1_700_000_000_000_001L);
        row.set(23, 1);
        row.set(24, new SumValue(1, List.of(0, Optional.empty())));
    }
}
