package dev.taper;

import dev.taper.testing.ApiContract;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return TaperException.class;
  }
}
