package dev.taper.cli.audit;

import dev.taper.cli.output.Html;
import dev.taper.operations.trail.Trail.TokenTrail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists which keys went by which name, and the tokens of each. A name with two keys is either one
 * agent whose key was rotated or two agents that are called alike: a reader has to see which.
 */
final class TrailNames {
  private final Html html;
  private final TrailPlaces places;

  TrailNames(Html html, TrailPlaces places) {
    this.html = html;
    this.places = places;
  }

  /** Writes the list; nothing if there is no token. */
  void write() {
    Map<String, Map<String, List<TokenTrail>>> names = new LinkedHashMap<>();
    for (TokenTrail token : places.tokens()) {
      if (token.hop().holder() != null) {
        names
            .computeIfAbsent(token.holder(), unused -> new LinkedHashMap<>())
            .computeIfAbsent(token.hop().key().toString(), unused -> new ArrayList<>())
            .add(token);
      }
    }
    if (names.isEmpty()) {
      return;
    }
    html.open("section", "", "names").element("h2", "", "Names and their keys");
    html.open("ul", "rows card");
    names.forEach(this::name);
    html.close("ul").close("section");
  }

  private void name(String name, Map<String, List<TokenTrail>> keys) {
    html.open("li", "found").name("h3", "", name);
    if (keys.size() > 1) {
      html.open("p", "alert").raw(keys.size() + " keys went by this name: a new key for the same ");
      html.raw("agent, or another agent with its name.").close("p");
    }
    keys.forEach(this::key);
    html.close("li");
  }

  private void key(String key, List<TokenTrail> tokens) {
    html.open("p", "quiet").prose(key).raw(" held ");
    String before = "";
    for (TokenTrail token : tokens) {
      html.raw(before).raw("<a href=\"#" + places.of(token) + "\">token ");
      html.raw(token.hop().digest().substring(0, 8)).raw("…</a>");
      before = ", ";
    }
    html.close("p");
  }
}
