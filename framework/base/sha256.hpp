// framework/base/sha256.hpp - SHA-256 of bytes that come in pieces.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace lyap::framework {

class Sha256 {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  Sha256();
  void add(std::string_view bytes);
  /// Of all that was added; the last call on this object.
  Digest digest();
  /// The digest in 64 lower-case digits.
  std::string hexadecimal();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace lyap::framework
