package dev.taper.cli.service;

/**
 * The audit log that a command leaves a record in.
 *
 * @param file the log
 * @param key who signs its checkpoints
 */
public record AuditTarget(String file, KeyInput key) {}
