package dev.taper.cli.io;


/**
 * The audit log that a command leaves a record in.
 *
 * @param place the log: a file or a database
 * @param key who signs its checkpoints
 */
public record AuditTarget(Place place, KeyInput key) {}
