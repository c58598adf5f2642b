package dev.taper.operations;

import dev.taper.testing.ApiContract;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return Place.class;
  }
}
