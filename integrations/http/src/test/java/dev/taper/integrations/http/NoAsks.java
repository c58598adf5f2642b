package dev.taper.integrations.http;

import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store that takes every ask and has none, but for what a test says. */
class NoAsks implements Asks {
  @Override
  public Kept add(Ask ask, Instant now) {
    return Kept.YES;
  }

  @Override
  public @Nullable Ask find(String name, Instant now) {
    return null;
  }

  @Override
  public List<Ask.Head> heads(Instant now) {
    return List.of();
  }

  @Override
  public Kept replace(Ask changed, Instant now) {
    return Kept.CHANGED;
  }
}
