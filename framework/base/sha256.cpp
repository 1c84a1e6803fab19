// framework/base/sha256.cpp - SHA-256 of bytes that come in pieces.
#include "base/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

// It fails only without memory, or where the system's policy forbids the algorithm.
void require(bool done) {
  if (!done) throw Error("SHA-256 is not available from this system's OpenSSL");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  require(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
  require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

Sha256::Digest Sha256::digest() {
  Digest digest;
  require(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
  return digest;
}

std::string Sha256::hexadecimal() {
  std::string text;
  for (const std::uint8_t byte : digest()) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace lyap::framework
