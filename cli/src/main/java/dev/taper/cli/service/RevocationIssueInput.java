package dev.taper.cli.service;

import java.time.Duration;

/**
 * A revocation list to be issued.
 *
 * @param file where it is kept
 * @param key who signs it
 * @param nextUpdate how soon the next one is promised
 * @param maxAge how old it may become
 */
public record RevocationIssueInput(
    String file, KeyInput key, Duration nextUpdate, Duration maxAge) {}
