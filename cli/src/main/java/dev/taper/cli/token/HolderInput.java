package dev.taper.cli.token;

import dev.taper.cli.io.KeyInput;
/**
 * Who is to hold a token.
 *
 * @param name such as {@code agent:planner}
 * @param key where its public key comes from
 */
public record HolderInput(String name, KeyInput key) {}
