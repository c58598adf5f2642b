package dev.taper.integrations.spring;

import dev.taper.testing.ApiContract;
import java.util.Set;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return TaperTool.class;
  }

  @Override
  protected Set<String> exported() {
    return Set.of("dev.taper.integrations.spring"); // no Spring application has modules
  }
}
