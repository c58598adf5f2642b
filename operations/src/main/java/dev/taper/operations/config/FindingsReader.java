package dev.taper.operations.config;

import dev.taper.operations.OperationException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads how decisions are watched for abuse. */
final class FindingsReader {
  private FindingsReader() {}

  /** The section {@code findings}; the standard rules without it, and null if it is none. */
  static Settings.@Nullable Findings read(Section top) {
    if (!top.has("findings")) {
      return Settings.Findings.STANDARD;
    }
    Section section =
        top.sectionOrNone("findings", "rules, off, ask, held-back and limits, or is none");
    if (section == null) {
      return null;
    }
    String rules = section.optional("rules", SettingsReader::text);
    List<String> off = section.list("off", SettingsReader::text);
    List<String> ask = section.list("ask", SettingsReader::text);
    String heldBack = section.optional("held-back", SettingsReader::text);
    List<String> revoke = section.list("revoke", SettingsReader::text);
    String key = section.optional("revoke-key", SettingsReader::text);
    if (heldBack == null && !(ask.isEmpty() && revoke.isEmpty())) {
      throw Setting.wrong(
          section.where(ask.isEmpty() ? "revoke" : "ask"),
          "this needs held-back, the file of the keys that are held back");
    }
    if (!revoke.isEmpty() && key == null) {
      throw Setting.wrong(
          section.where("revoke"),
          "this needs revoke-key, the file of the key that signs the list");
    }
    SortedMap<String, Long> limits = new TreeMap<>();
    Section all = section.section("limits");
    if (all != null) {
      for (String who : all.names()) {
        Section own = all.section(who);
        if (own == null) {
          continue;
        }
        for (String what : own.names()) {
          limits.put(who + "." + what, own.needed(what, "", FindingsReader::limit));
        }
      }
    }
    section.end();
    return new Settings.Findings(rules, off, ask, revoke, key, heldBack, limits);
  }

  private static Long limit(String text) {
    if (!text.matches("[1-9][0-9]?")) {
      throw OperationException.usage("not a limit from 1 to 64: " + Setting.shown(text));
    }
    return Long.valueOf(text);
  }
}
