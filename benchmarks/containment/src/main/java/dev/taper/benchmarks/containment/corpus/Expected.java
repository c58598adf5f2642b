package dev.taper.benchmarks.containment.corpus;

/**
 * What a plain evaluation of the grants gives for a suite, without tokens, proofs or a server.
 *
 * @param pairs pairs of a user task and an attack that makes calls
 * @param keptByTool user tasks all of whose calls the grants by tool cover
 * @param keptByArgument likewise by tool and argument
 * @param containedByTool pairs in which the grants by tool cover no call with an effect, though the
 *     attacker chooses the arguments that are marked free
 * @param containedByArgument likewise by tool and argument
 */
public record Expected(
    int pairs, int keptByTool, int keptByArgument, int containedByTool, int containedByArgument) {}
