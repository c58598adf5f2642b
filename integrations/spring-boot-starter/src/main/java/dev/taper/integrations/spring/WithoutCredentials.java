package dev.taper.integrations.spring;

import dev.taper.integrations.http.CredentialFields;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A judged request as the application sees it: without token, proof and approvals. Parts of Spring
 * that show fields of requests, such as the list of exchanges, know none of these for a secret.
 */
final class WithoutCredentials extends HttpServletRequestWrapper {
  private static final String AUTHORIZATION = "authorization";
  private static final Set<String> OURS =
      Set.of(
          CredentialFields.TOKEN_FIELD.toLowerCase(Locale.ROOT),
          CredentialFields.PROOF_FIELD.toLowerCase(Locale.ROOT),
          CredentialFields.APPROVAL_FIELD.toLowerCase(Locale.ROOT));

  WithoutCredentials(HttpServletRequest request) {
    super(request);
  }

  private boolean isHidden(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return OURS.contains(lower) || (lower.equals(AUTHORIZATION) && isOurs(super.getHeader(name)));
  }

  private static boolean isOurs(@Nullable String authorization) {
    return authorization != null
        && authorization.split(" ", 2)[0].equalsIgnoreCase(CredentialFields.SCHEME);
  }

  @Override
  public @Nullable String getHeader(String name) {
    return isHidden(name) ? null : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return isHidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    List<String> names = Collections.list(super.getHeaderNames());
    names.removeIf(this::isHidden);
    return Collections.enumeration(names);
  }
}
