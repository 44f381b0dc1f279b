package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A few believable keys and a repeatable stream of changes to them. */
public final class SodpSampleData {

    /** A document that changes field by field. */
    public static final String PLAYER = "game.player";

    /** A number. */
    public static final String SCORE = "game.score";

    /** An object whose members come and go. */
    public static final String CURSORS = "collab.cursors";

    /** A list that is replaced. */
    public static final String FEED = "news.feed";

    /** A key that is deleted and written again. */
    public static final String ORDER = "shop.order";

    private static final List<String> NAMES =
            List.of("Ada", "Bo", "Chidi", "Dana", "Émile", "Farid", "Grete", "Hana", "Ines", "Jo");
    private static final List<String> THINGS = List.of("rope", "lamp", "map", "key", "café cup", "compass");
    private static final int LONGEST_FEED = 8;

    private final SplittableRandom random;
    private final List<String> members = new ArrayList<>();
    private long score;
    private long news;
    private long orders;

    /** A source of data that depends on the seed alone. */
    public SodpSampleData(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The keys. */
    public static List<String> keys() {
        return List.of(PLAYER, SCORE, CURSORS, FEED, ORDER);
    }

    /**
     * Writes all keys for the first time.
     *
     * @param cursors how many members {@link #CURSORS} has
     */
    public void create(SodpModel model, int cursors) {
        Map<String, @Nullable Object> player = new LinkedHashMap<>();
        player.put("name", "Ada");
        player.put("health", 100);
        player.put("position", position());
        player.put("bag", List.of("rope"));
        model.set(PLAYER, player);
        model.set(SCORE, score);
        Map<String, Object> all = new LinkedHashMap<>();
        for (int i = 0; i < cursors; i++) {
            String member = NAMES.get(i % NAMES.size()).toLowerCase(Locale.ROOT) + "-" + i;
            members.add(member);
            all.put(member, cursor(member));
        }
        model.set(CURSORS, all);
        model.set(FEED, List.of());
        model.set(ORDER, order());
    }

    /** Makes one change to one key. */
    public void step(SodpModel model) {
        switch (random.nextInt(10)) {
            case 0 -> model.patch(PLAYER, Map.of("health", random.nextInt(101)));
            case 1 -> model.patch(PLAYER, Map.of("position", position()));
            case 2 -> model.patch(PLAYER, Map.of("bag", bag()));
            case 3, 4 -> {
                score += 1 + random.nextInt(50);
                model.set(SCORE, score);
            }
            case 5, 6, 7 -> moveCursor(model);
            case 8 -> model.set(FEED, feed(model));
            default -> changeOrder(model);
        }
    }

    private void moveCursor(SodpModel model) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        if (model.value(CURSORS) instanceof Map<?, ?> present) {
            present.forEach((name, value) -> all.put((String) name, value));
        }
        int dice = random.nextInt(10);
        if (members.isEmpty() || dice == 0) {
            String member = NAMES.get(random.nextInt(NAMES.size())).toLowerCase(Locale.ROOT)
                    + "-"
                    + (1000 + random.nextInt(1_000_000));
            if (!members.contains(member)) {
                members.add(member);
            }
            all.put(member, cursor(member));
        } else if (dice == 1 && members.size() > 1) {
            all.remove(members.remove(random.nextInt(members.size())));
        } else {
            String member = members.get(random.nextInt(members.size()));
            all.put(member, cursor(member));
        }
        model.set(CURSORS, all);
    }

    private void changeOrder(SodpModel model) {
        if (model.exists(ORDER) && random.nextInt(4) == 0) {
            model.delete(ORDER);
        } else {
            model.set(ORDER, order());
        }
    }

    private Map<String, @Nullable Object> order() {
        Map<String, @Nullable Object> order = new LinkedHashMap<>();
        order.put("number", ++orders);
        order.put("total", (99 + random.nextInt(50_000)) / 100.0);
        order.put("note", random.nextInt(3) == 0 ? "gift" : null);
        return order;
    }

    private Map<String, Object> position() {
        Map<String, Object> position = new LinkedHashMap<>();
        position.put("x", random.nextInt(640));
        position.put("y", random.nextInt(480));
        return position;
    }

    private List<String> bag() {
        return THINGS.stream().filter(thing -> random.nextInt(3) == 0).toList();
    }

    private Map<String, Object> cursor(String member) {
        Map<String, Object> cursor = new LinkedHashMap<>();
        cursor.put("name", member.substring(0, member.indexOf('-')));
        cursor.put("line", 1 + random.nextInt(200));
        cursor.put("column", random.nextInt(100));
        return cursor;
    }

    private List<@Nullable Object> feed(SodpModel model) {
        List<@Nullable Object> feed = new ArrayList<>();
        if (model.value(FEED) instanceof List<?> present) {
            feed.addAll(present);
        }
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("id", ++news);
        item.put("text", "News number " + news);
        feed.add(item);
        while (feed.size() > LONGEST_FEED) {
            feed.remove(0);
        }
        return feed;
    }
}
