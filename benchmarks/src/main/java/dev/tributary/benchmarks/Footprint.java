package dev.tributary.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds now: threads, and memory in MiB. */
record Footprint(int threads, double heap, double resident) {

    static Footprint now() throws IOException {
        return new Footprint(ManagementFactory.getThreadMXBean().getThreadCount(), usedHeap(), residentMemory());
    }

    private static double usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
    }

    /** The most that was ever resident. */
    static double peakResident() throws IOException {
        return status("VmHWM:");
    }

    private static double residentMemory() throws IOException {
        return status("VmRSS:");
    }

    /** Not a number where the system does not say it in the way of Linux. */
    private static double status(String name) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(Double.NaN);
    }
}
