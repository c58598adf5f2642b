package dev.taper.integrations.http;

class JdkServiceTest extends BadInputContract {
  @Override
  TestService.Starter starter() {
    return JdkService::start;
  }
}
