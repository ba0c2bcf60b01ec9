// Bytes that are wiped when they die: keys on their way to SQLCipher and from the key slots.
#pragma once

#include <QByteArrayView>

#include <memory>

namespace holdfast::sql {

// A buffer of fixed size outside QByteArray's sharing, so that no hidden copy survives. Move-only.
class SecretBytes
{
public:
    SecretBytes() = default;
    explicit SecretBytes(qsizetype size);                          // zeros
    [[nodiscard]] static SecretBytes copyOf(QByteArrayView bytes); // the caller wipes its own copy
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    [[nodiscard]] SecretBytes clone() const { return copyOf(view()); }
    [[nodiscard]] char* data() { return bytes_.get(); }
    [[nodiscard]] QByteArrayView view() const { return {bytes_.get(), size_}; }
    [[nodiscard]] qsizetype size() const { return size_; }
    [[nodiscard]] bool isEmpty() const { return size_ == 0; }
    void wipe();

private:
    std::unique_ptr<char[]> bytes_;
    qsizetype size_ = 0;
};

} // namespace holdfast::sql
