/** What all replays share: transcripts, their time, and how a replay ends. */
@NullMarked
package dev.tributary.replay.recording;

import org.jspecify.annotations.NullMarked;
