package dev.taper.cli.service;

import dev.taper.cli.io.Place;
import java.time.Duration;

/**
 * A revocation list to be issued.
 *
 * @param place where it is kept: a file or a database
 * @param key who signs it
 * @param nextUpdate how soon the next one is promised
 * @param maxAge how old it may become
 */
public record RevocationIssueInput(
    Place place, KeyInput key, Duration nextUpdate, Duration maxAge) {}
