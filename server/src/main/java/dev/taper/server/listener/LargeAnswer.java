package dev.taper.server.listener;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * An answer whose content is not on the heap. For one thread.
 *
 * @param status of HTTP
 * @param fields the header fields
 * @param content its bytes
 * @param sent run once it is sent, or cannot be
 */
public record LargeAnswer(
    int status, Map<String, String> fields, ByteBuffer content, Runnable sent) {}
