package dev.tributary.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The names of what happens in a simulation, for its tally. */
final class Happening {

    /** Wires that broke in the middle of what they carried. */
    static final String BROKE = "network: broke at a byte";

    private static final List<String> OPERATIONS = List.of(
            "server: insert",
            "server: update",
            "server: delete",
            "server: key change",
            "server: truncate",
            "server: transaction of several");

    private static final List<String> CLIENT = List.of(
            "client: subscribe",
            "client: unsubscribe",
            "client: listen late",
            "client: listen slowly",
            "client: listen and throw",
            "client: slow listeners go on",
            "client: read changes",
            "client: read changes slowly",
            "client: reopen a saved view in another source",
            "client: close, start again with what was saved",
            "client: close, start again with nothing",
            "client: refresh",
            "client: retry now",
            "client: pause",
            "client: resume");

    private static final String WRITE = "client: write";

    private static final List<String> CLOCK = List.of("clock: set forward", "clock: set back");

    private Happening() {}

    /** All that programs of a driver do. */
    static List<String> all(TransportDriver driver) {
        List<String> all = new ArrayList<>(OPERATIONS);
        all.addAll(CLIENT);
        if (driver.programsWrite()) {
            all.add(WRITE);
            for (WriteProbe.End end : WriteProbe.End.values()) {
                all.add(of(end));
            }
        }
        all.addAll(CLOCK);
        all.add(BROKE);
        for (NetworkFault fault : NetworkFault.values()) {
            all.add(of(fault));
        }
        for (Fault fault : driver.faults()) {
            if (fault != Fault.REJECT) {
                all.add(of(fault));
            }
        }
        return all;
    }

    static String of(WriteProbe.End end) {
        return "client: a write ended: " + words(end);
    }

    static String of(Fault fault) {
        return "fault: " + words(fault);
    }

    static String of(NetworkFault fault) {
        return "network: " + words(fault);
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** What an operation does to these rows, by table; nothing where it changes nothing. */
    static List<String> of(Operation operation, List<SortedMap<Integer, Integer>> tables) {
        List<Map<Integer, Integer>> rows = new ArrayList<>();
        tables.forEach(table -> rows.add(new TreeMap<>(table)));
        List<String> happened = new ArrayList<>();
        collect(operation, rows, happened);
        if (operation instanceof Operation.Transaction && happened.size() > 1) {
            happened.add("server: transaction of several");
        }
        return happened;
    }

    private static void collect(Operation operation, List<Map<Integer, Integer>> rows, List<String> happened) {
        if (operation instanceof Operation.Put put) {
            Integer before = rows.get(put.table()).put(put.key(), put.value());
            if (before == null) {
                happened.add("server: insert");
            } else if (before != put.value()) {
                happened.add("server: update");
            }
        } else if (operation instanceof Operation.Remove remove) {
            if (rows.get(remove.table()).remove(remove.key()) != null) {
                happened.add("server: delete");
            }
        } else if (operation instanceof Operation.Rekey rekey) {
            Integer value = rows.get(rekey.table()).get(rekey.from());
            if (value != null && rekey.from() != rekey.to()) {
                rows.get(rekey.table()).remove(rekey.from());
                rows.get(rekey.table()).put(rekey.to(), value);
                happened.add("server: key change");
            }
        } else if (operation instanceof Operation.Truncate truncate) {
            if (!rows.get(truncate.table()).isEmpty()) {
                rows.get(truncate.table()).clear();
                happened.add("server: truncate");
            }
        } else if (operation instanceof Operation.Transaction several) {
            several.operations().forEach(one -> collect(one, rows, happened));
        }
    }

    /** What an application does in this step; empty for a step of another kind. */
    static String of(Step step) {
        if (step instanceof Step.Open) {
            return "client: subscribe";
        } else if (step instanceof Step.Close) {
            return "client: unsubscribe";
        } else if (step instanceof Step.Listen listen) {
            return listen.slow() ? "client: listen slowly" : "client: listen late";
        } else if (step instanceof Step.ListenBadly) {
            return "client: listen and throw";
        } else if (step instanceof Step.Release) {
            return "client: slow listeners go on";
        } else if (step instanceof Step.ReadChanges read) {
            return read.slow() ? "client: read changes slowly" : "client: read changes";
        } else if (step instanceof Step.SaveAndRestore) {
            return "client: reopen a saved view in another source";
        } else if (step instanceof Step.StartAgain again) {
            return again.saved()
                    ? "client: close, start again with what was saved"
                    : "client: close, start again with nothing";
        } else if (step instanceof Step.WriteRow) {
            return WRITE;
        } else if (step instanceof Step.Refresh) {
            return "client: refresh";
        } else if (step instanceof Step.RetryNow) {
            return "client: retry now";
        } else if (step instanceof Step.Pause) {
            return "client: pause";
        } else if (step instanceof Step.Resume) {
            return "client: resume";
        } else if (step instanceof Step.SetClock set) {
            return set.by().isNegative() ? "clock: set back" : "clock: set forward";
        } else if (step instanceof Step.Weather weather) {
            return of(weather.fault());
        } else if (step instanceof Step.Break broken) {
            return of(broken.fault());
        }
        return "";
    }
}
