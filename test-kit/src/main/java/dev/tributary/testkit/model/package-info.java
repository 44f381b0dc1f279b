/** What the models of several reference servers share. Not exported. */
@NullMarked
package dev.tributary.testkit.model;

import org.jspecify.annotations.NullMarked;
