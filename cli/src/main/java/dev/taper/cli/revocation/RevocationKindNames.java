package dev.taper.cli.revocation;

import dev.taper.revocation.RevocationKind;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What can be revoked, by name. */
final class RevocationKindNames implements ITypeConverter<RevocationKind>, Iterable<String> {
  @Override
  public RevocationKind convert(String value) {
    for (RevocationKind kind : RevocationKind.values()) {
      if (kind.text().equals(value)) {
        return kind;
      }
    }
    throw new TypeConversionException("expected one of " + String.join(", ", this));
  }

  @Override
  public Iterator<String> iterator() {
    return Stream.of(RevocationKind.values()).map(RevocationKind::text).iterator();
  }
}
