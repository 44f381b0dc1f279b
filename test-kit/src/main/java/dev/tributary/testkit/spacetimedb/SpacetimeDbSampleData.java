package dev.tributary.testkit.spacetimedb;

import static dev.tributary.testkit.spacetimedb.SpacetimeType.array;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.choice;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.field;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.identity;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.option;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.product;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.timestamp;

import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A small believable game: players with a key, their items to join them with, messages, words without a key that are
 * counted, shouts as events, a view and some reducers; and a repeatable stream of changes.
 */
public final class SpacetimeDbSampleData {

    /** Has a primary key, changes often. */
    public static final String PLAYER = "player";

    /** Belongs to a player. */
    public static final String ITEM = "item";

    /** Only grows, and is cleared now and then. */
    public static final String MESSAGE = "message";

    /** Has no key. */
    public static final String WORD = "word";

    /** A table of events. */
    public static final String SHOUT = "shout";

    /** A view: the players that are online. */
    public static final String ONLINE = "online_player";

    /** Eight columns of various kinds, for large subscriptions; empty unless {@link #fill} is called. */
    public static final String READING = "reading";

    private static final List<String> NAMES =
            List.of("Ada", "Bo", "Chidi", "Dana", "Émile", "Farid", "Grete", "Hana", "Ines", "Jo");
    private static final List<String> THINGS = List.of("rope", "lamp", "map", "key", "café cup", "compass");
    private static final int LONGEST_CHAT = 40;

    private final SplittableRandom random;

    /** A source of data that depends on the seed alone. */
    public SpacetimeDbSampleData(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The tables and the view that clients can subscribe to. */
    public static List<String> relations() {
        return List.of(PLAYER, ITEM, MESSAGE, WORD, SHOUT, ONLINE);
    }

    /** The module. */
    public static SpacetimeDbModule module() {
        SpacetimeDbModule.Builder module = SpacetimeDbModule.builder();
        SpacetimeType position = module.type("Position", product(field("x", Scalar.I32), field("y", Scalar.I32)));
        SpacetimeType team = module.type("Team", choice("red", "green", "blue"));
        module.table(
                PLAYER,
                t -> t.column("id", Scalar.U32)
                        .column("name", Scalar.STRING)
                        .column("owner", option(identity()))
                        .column("online", Scalar.BOOL)
                        .column("health", Scalar.I16)
                        .column("score", Scalar.U64)
                        .column("position", position)
                        .column("team", team)
                        .column("tags", array(Scalar.STRING))
                        .column("seen", timestamp())
                        .primaryKey("id")
                        .autoIncrement("id")
                        .index("name"));
        module.table(
                ITEM,
                t -> t.column("id", Scalar.U32)
                        .column("player_id", Scalar.U32)
                        .column("name", Scalar.STRING)
                        .column("weight", Scalar.F64)
                        .primaryKey("id")
                        .autoIncrement("id")
                        .index("player_id"));
        module.table(
                MESSAGE,
                t -> t.column("id", Scalar.U64)
                        .column("sender", identity())
                        .column("text", Scalar.STRING)
                        .column("sent", timestamp())
                        .primaryKey("id")
                        .autoIncrement("id"));
        module.table(WORD, t -> t.column("word", Scalar.STRING).column("length", Scalar.U8));
        module.table(
                SHOUT,
                t -> t.column("name", Scalar.STRING)
                        .column("text", Scalar.STRING)
                        .event());
        module.table(
                READING,
                t -> t.column("id", Scalar.U32)
                        .column("device", Scalar.STRING)
                        .column("temperature", Scalar.F64)
                        .column("count", Scalar.U64)
                        .column("good", Scalar.BOOL)
                        .column("at", timestamp())
                        .column("note", option(Scalar.STRING))
                        .column("place", Scalar.STRING)
                        .primaryKey("id"));
        module.view(
                ONLINE,
                PLAYER,
                true,
                context -> new ArrayList<>(context.rows(PLAYER).stream()
                        .filter(row -> (Boolean) row.get(3))
                        .toList()));
        return functions(module).build();
    }

    private static SpacetimeDbModule.Builder functions(SpacetimeDbModule.Builder module) {
        module.reducer(
                "add_player",
                context -> {
                    if (context.text(0).isBlank()) {
                        throw new ReducerException("a player needs a name");
                    }
                    context.insert(
                            PLAYER,
                            0,
                            context.text(0),
                            Optional.of(context.sender()),
                            true,
                            100,
                            0L,
                            List.of(0, 0),
                            SumValue.of(1),
                            List.of(),
                            context.micros());
                },
                field("name", Scalar.STRING));
        module.reducer(
                "move_player",
                context -> {
                    List<Object> player = new ArrayList<>(context.find(PLAYER, "id", context.arg(0))
                            .orElseThrow(() -> new ReducerException("no player " + context.arg(0))));
                    player.set(6, List.of(context.arg(1), context.arg(2)));
                    context.put(PLAYER, player.toArray());
                },
                field("id", Scalar.U32),
                field("x", Scalar.I32),
                field("y", Scalar.I32));
        module.reducer(
                "remove_player",
                context -> {
                    context.deleteBy(ITEM, "player_id", context.arg(0));
                    context.deleteBy(PLAYER, "id", context.arg(0));
                },
                field("id", Scalar.U32));
        module.reducer(
                "send_message",
                context -> context.insert(MESSAGE, 0, context.sender(), context.text(0), context.micros()),
                field("text", Scalar.STRING));
        module.reducer(
                "shout",
                context -> context.insert(SHOUT, context.text(0), context.text(1)),
                field("name", Scalar.STRING),
                field("text", Scalar.STRING));
        module.procedure(
                "add",
                Scalar.U64,
                context -> BigInteger.valueOf(context.number(0) + context.number(1)),
                field("a", Scalar.U32),
                field("b", Scalar.U32));
        module.procedure("count_players", Scalar.U32, context -> context.count(PLAYER));
        return module;
    }

    /** Inserts the first rows: so many players, each with an item or two. */
    public void create(SpacetimeDbModel model, int players) {
        model.transact(context -> {
            for (int i = 0; i < players; i++) {
                Object id = context.insert(
                                PLAYER,
                                0,
                                NAMES.get(i % NAMES.size()),
                                Optional.empty(),
                                random.nextBoolean(),
                                100,
                                0L,
                                List.of(random.nextInt(640), random.nextInt(480)),
                                SumValue.of(i % 3),
                                tags(),
                                context.micros())
                        .get(0);
                context.insert(ITEM, 0, id, THINGS.get(i % THINGS.size()), random.nextInt(100) / 8.0);
                if (i % 2 == 0) {
                    context.insert(ITEM, 0, id, "rope", 1.5);
                }
            }
            for (String word : List.of("one", "two", "three", "zwölf")) {
                context.insert(WORD, word, word.length());
            }
        });
    }

    /** Makes one change. */
    public void step(SpacetimeDbModel model) {
        model.transact(context -> {
            int dice = random.nextInt(12);
            if (dice < 6) {
                changePlayer(context);
            } else if (dice < 8) {
                say(context);
            } else if (dice == 8) {
                context.insert(SHOUT, name(), "hello " + random.nextInt(1_000));
            } else if (dice == 9) {
                swapItem(context);
            } else if (dice == 10) {
                word(context);
            } else {
                comeOrGo(context);
            }
        });
    }

    /** Fills {@link #READING} with so many rows of about so many bytes. */
    public void fill(SpacetimeDbModel model, int rows, int rowBytes) {
        String place = "x".repeat(Math.max(1, rowBytes - 60));
        model.transact(context -> {
            for (int i = 0; i < rows; i++) {
                context.insert(
                        READING,
                        (long) i,
                        "device-" + i % 1_000,
                        i / 16.0,
                        (long) i * 7,
                        i % 3 == 0,
                        1_700_000_000_000_000L + i,
                        i % 4 == 0 ? Optional.of("n" + i % 10) : Optional.empty(),
                        place);
            }
        });
    }

    private void changePlayer(ModuleContext context) {
        List<List<Object>> all = context.rows(PLAYER);
        if (all.isEmpty()) {
            comeOrGo(context);
            return;
        }
        List<Object> player = new ArrayList<>(all.get(random.nextInt(all.size())));
        switch (random.nextInt(4)) {
            case 0 -> player.set(4, random.nextInt(101));
            case 1 -> player.set(5, ((BigInteger) player.get(5)).add(BigInteger.valueOf(1 + random.nextInt(50))));
            case 2 -> player.set(6, List.of(random.nextInt(640), random.nextInt(480)));
            default -> player.set(3, !(Boolean) player.get(3));
        }
        player.set(9, context.micros());
        context.put(PLAYER, player.toArray());
    }

    private void say(ModuleContext context) {
        if (context.count(MESSAGE) >= LONGEST_CHAT) {
            context.clear(MESSAGE);
        }
        context.insert(MESSAGE, 0, context.sender(), name() + " says " + random.nextInt(1_000), context.micros());
    }

    private void swapItem(ModuleContext context) {
        List<List<Object>> items = context.rows(ITEM);
        List<List<Object>> players = context.rows(PLAYER);
        if (!items.isEmpty() && !players.isEmpty()) {
            List<Object> item = new ArrayList<>(items.get(random.nextInt(items.size())));
            item.set(1, players.get(random.nextInt(players.size())).get(0));
            context.put(ITEM, item.toArray());
        }
    }

    private void word(ModuleContext context) {
        String word = THINGS.get(random.nextInt(THINGS.size()));
        if (!context.delete(WORD, word, word.length())) {
            context.insert(WORD, word, word.length());
        }
    }

    private void comeOrGo(ModuleContext context) {
        List<List<Object>> all = context.rows(PLAYER);
        if (all.size() > 3 && random.nextBoolean()) {
            Object id = all.get(random.nextInt(all.size())).get(0);
            context.deleteBy(ITEM, "player_id", id);
            context.deleteBy(PLAYER, "id", id);
        } else {
            context.insert(
                    PLAYER,
                    0,
                    name(),
                    Optional.empty(),
                    true,
                    100,
                    0L,
                    List.of(0, 0),
                    SumValue.of(random.nextInt(3)),
                    tags(),
                    context.micros());
        }
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private List<String> tags() {
        return THINGS.stream().filter(thing -> random.nextInt(4) == 0).toList();
    }
}
