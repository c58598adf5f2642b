package dev.taper;

/**
 * How full a bounded memory is.
 *
 * @param size how many entries it holds now, some perhaps a little longer than needed
 * @param capacity how many it holds at most; when it is full, it refuses more
 */
public record Fill(long size, long capacity) {}
