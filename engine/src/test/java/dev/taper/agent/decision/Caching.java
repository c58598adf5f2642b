package dev.taper.agent.decision;

/** What the verifiers of a test remember: an attack must fail in every case in the same way. */
public enum Caching {
  /** Nothing. */
  OFF,
  /** What they were shown themselves. */
  COLD,
  /** Everything that was made in the story, before anyone shows it to them. */
  WARM
}
