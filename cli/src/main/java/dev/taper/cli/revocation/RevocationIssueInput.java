package dev.taper.cli.revocation;

import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Place;
import dev.taper.revocation.Horizon;

/**
 * A revocation list to be issued.
 *
 * @param place where it is kept: a file or a database
 * @param key who signs it
 * @param horizon how long it is to be good
 */
public record RevocationIssueInput(Place place, KeyInput key, Horizon horizon) {}
