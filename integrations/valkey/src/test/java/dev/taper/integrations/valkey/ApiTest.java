package dev.taper.integrations.valkey;

import dev.taper.testing.ApiContract;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return ValkeyStore.class;
  }
}
