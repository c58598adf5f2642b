package dev.taper.cli.revocation;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.SignedLists;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;

/** Writes a revocation list as JSON. */
final class RevocationJson {
  private RevocationJson() {}

  static void write(JsonGenerator json, SignedLists file, boolean withEntries, Instant now)
      throws IOException {
    RevocationHeader latest = Objects.requireNonNull(file.latest());
    json.writeNumberField("sequence", latest.sequence());
    json.writeStringField("issuer", latest.issuer().toString());
    json.writeStringField("issued", latest.issued().toString());
    json.writeStringField("next_update", latest.nextUpdate().toString());
    json.writeNumberField("max_age_seconds", latest.maxAge().toSeconds());
    json.writeStringField("stale_after", latest.staleAfter().toString());
    json.writeBooleanField("stale", latest.stale(now));
    json.writeNumberField("lists", file.headers().size());
    json.writeObjectFieldStart("entries_by_kind");
    for (RevocationEntry.Kind kind : RevocationEntry.Kind.values()) {
      json.writeNumberField(
          kind.text(), file.entries().stream().filter(entry -> entry.kind() == kind).count());
    }
    json.writeEndObject();
    if (withEntries) {
      json.writeArrayFieldStart("entries");
      for (RevocationEntry entry : file.entries()) {
        json.writeStartObject();
        write(json, entry);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("lifted");
      for (LiftedEntry lifted : file.lifted()) {
        json.writeStartObject();
        write(json, lifted.entry());
        json.writeStringField("reason", lifted.reason());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  private static void write(JsonGenerator json, RevocationEntry entry) throws IOException {
    json.writeStringField("kind", entry.kind().text());
    json.writeStringField("fingerprint", entry.fingerprint().toString());
    if (entry.until() != null) {
      json.writeStringField("until", entry.until().toString());
    }
  }
}
