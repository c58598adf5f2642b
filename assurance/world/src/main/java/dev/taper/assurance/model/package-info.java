/**
 * What has to hold of tokens, proofs and budgets, in a world so small that all of it can be tried:
 * the engine beside a specification of a few lines, and wrong ones that have to be noticed.
 */
@NullMarked
package dev.taper.assurance.model;

import org.jspecify.annotations.NullMarked;
