package dev.taper.cli.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A revocation list to be read.
 *
 * @param location a file, or an http or https URL
 * @param issuers whose signatures count
 * @param memory file that remembers its greatest number from run to run, or null
 */
public record RevocationListInput(
    String location, List<KeyInput> issuers, @Nullable String memory) {}
