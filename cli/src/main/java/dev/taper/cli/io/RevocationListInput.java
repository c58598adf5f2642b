package dev.taper.cli.io;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A revocation list to be read.
 *
 * @param place where it is
 * @param issuers whose signatures count
 * @param memory file that remembers its greatest number from run to run, or null
 */
public record RevocationListInput(Place place, List<KeyInput> issuers, @Nullable String memory) {}
