package dev.tributary.spi;

/**
 * A document, or a part of one, that knows its own size. One that shares structure with its earlier versions implements
 * this, so that nobody walks through all of it after each small change.
 */
public interface SizedDocument {

    /**
     * About how many bytes of heap it needs with all that it holds, whether shared with other versions or not. Constant
     * time.
     */
    long sizeInBytes();
}
