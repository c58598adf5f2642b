/**
 * A world that is done in turns: verifiers with their logs, the store that they share, the network
 * between them, their clocks and disks, issuers, approvers, and holders who call, all of it from
 * one seed. It writes a history, and a checker that knows nothing but rules reads that.
 */
@NullMarked
package dev.taper.assurance.world;

import org.jspecify.annotations.NullMarked;
