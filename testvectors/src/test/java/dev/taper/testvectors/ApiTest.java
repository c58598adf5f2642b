package dev.taper.testvectors;

import dev.taper.testing.ApiContract;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return Vectors.class;
  }
}
