""" "Dasar Literasi AI", second part: checking, privacy and fairness."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

USING_AI: Final[Chapter] = Chapter(
    title="Memakai AI dengan Bertanggung Jawab",
    description="Kebiasaan memeriksa, menjaga data, dan tahu kapan tidak memakai AI.",
    lessons=(
        LessonItem(
            title="Halusinasi dan Kebiasaan Memeriksa",
            description=(
                "Jawaban yang lancar belum tentu benar. Tiga tingkat pemeriksaan yang sebanding "
                "dengan akibatnya."
            ),
            minutes=11,
            is_free_preview=True,
            content="""
                    Seorang staf meminta chatbot menyusun daftar lima pasal yang mengatur cuti.
                    Hasilnya rapi, lengkap dengan nomor pasal. Dua di antaranya tidak pernah ada.
                    Peristiwa seperti ini disebut *halusinasi*: isi yang terdengar masuk akal tetapi
                    tidak berdasar.

                    ## Mengapa terjadi

                    Model menyusun kelanjutan yang mungkin, bukan yang terverifikasi. Nomor pasal,
                    judul buku, nama orang, dan angka mempunyai pola yang mudah ditiru. Ketika bahan
                    sebenarnya tidak tersedia, pola itulah yang mengisi. Nada yakin tidak membantu
                    kita, sebab nada itu juga pola. Model tidak berbohong dalam arti manusiawi; ia
                    tidak memiliki langkah yang membedakan "tahu" dari "terdengar seperti tahu".

                    ## Di mana risikonya tinggi

                    - **Kutipan dan rujukan**: pasal, putusan, makalah, alamat web.
                    - **Angka**: statistik, harga, hasil hitung yang panjang.
                    - **Hal setempat**: kebiasaan kantor Anda, peraturan daerah, nama pejabat.
                    - **Hal baru**: apa pun yang terjadi setelah model dilatih.

                    Risikonya lebih rendah bila semua bahan ada di depan model, misalnya ketika ia
                    merapikan paragraf yang Anda tulis sendiri. Lebih rendah bukan berarti nol:
                    ringkasan dapat menghilangkan kata "tidak".

                    ## Tiga tingkat pemeriksaan

                    1. **Baca sekilas** untuk hal yang mudah dibatalkan, seperti ide judul rapat.
                    2. **Cocokkan dengan sumber** untuk hal yang akan dibaca orang lain. Buka
                       dokumen aslinya, cari kalimatnya, bandingkan angkanya.
                    3. **Kerjakan ulang atau minta orang kedua** untuk hal yang menyentuh uang,
                       kesehatan, nasib kerja seseorang, atau hukum.

                    Aturan praktisnya: usaha memeriksa sebanding dengan akibat bila salah. Bila
                    memeriksa lebih lama daripada mengerjakan sendiri, kerjakan sendiri.

                    Begini pemeriksaan tingkat kedua untuk daftar pasal tadi. Alatnya hanya naskah
                    peraturan dan sepuluh menit.

                    | Klaim | Yang dicari di naskah | Hasil |
                    |---|---|---|
                    | Pasal A mengatur cuti tahunan | pasalnya | ada |
                    | Lamanya 12 hari kerja | angka dan syaratnya | ada, setelah setahun bekerja |
                    | Pasal B mengatur cuti haji | pasalnya | pasal itu tidak ada |

                    Baris kedua yang paling mudah terlewat: angkanya benar, syaratnya hilang.
                    Mencocokkan berarti membaca seluruh kalimat, bukan mencari angkanya saja.

                    ## Pemeriksa yang tidak dapat dipercaya

                    Bertanya "apakah jawabanmu benar?" kepada chatbot yang sama jarang cukup. Ia
                    dapat meminta maaf untuk jawaban yang sudah benar, atau membela yang salah. Yang
                    lebih berguna: minta ia menunjukkan kalimat di dokumen Anda yang mendukung tiap
                    klaim, lalu Anda sendiri yang membuka dokumen itu.

                    ## Coba sendiri

                    Ambil satu teks yang minggu ini Anda buat dengan AI. Tandai setiap klaim yang
                    dapat diperiksa. Hitung berapa yang sudah Anda periksa dengan sumber selain
                    chatbot. Angka itu titik awal Anda.
                """,
            questions=(
                Question(
                    "easy",
                    "Permintaan mana yang paling berisiko menghasilkan halusinasi?",
                    (
                        "Memperbaiki tanda baca paragraf yang Anda tulis",
                        "Menyusun daftar pasal tanpa naskah peraturannya",
                        "Mengubah daftar peserta yang Anda tempel menjadi tabel",
                    ),
                    right=1,
                    because=(
                        "Nomor pasal mudah ditiru polanya, dan tidak ada bahan yang membatasi. "
                        "Dua permintaan lain bekerja dengan bahan yang ada di depan model."
                    ),
                ),
                Question(
                    "medium",
                    "Mengapa nada yakin bukan petunjuk kebenaran?",
                    (
                        "Karena nada adalah bagian dari pola yang ditiru",
                        "Karena nada yakin hanya muncul bila model sedang menebak",
                        "Karena nada ditentukan oleh panjang pertanyaan",
                    ),
                    right=0,
                    because=(
                        "Model menirukan cara orang menulis dengan yakin, terlepas dari isinya. "
                        "Yang benar dan yang salah terdengar sama."
                    ),
                ),
                Question(
                    "medium",
                    (
                        'AI merangkum kontrak sewa: "deposit dikembalikan dalam 14 hari". '
                        "Pemeriksaan mana yang paling kuat?"
                    ),
                    (
                        "Bertanya kepada chatbot yang sama apakah ia yakin",
                        "Mencari angka 14 di dalam kontrak",
                        "Membaca pasal depositnya secara utuh",
                    ),
                    right=2,
                    because=(
                        "Angka 14 dapat ditemukan di kalimat yang berbeda artinya atau bersyarat. "
                        "Kalimat aslinya yang menentukan, dan chatbot yang sama bukan sumber "
                        "kedua."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Data Pribadi, Rahasia Kantor, dan Etika",
            description=(
                "Apa yang boleh ditempel ke chatbot, cara menyamarkannya, dan kapan harus terbuka "
                "soal penggunaan AI."
            ),
            minutes=12,
            is_free_preview=True,
            content="""
                    Kotak obrolan terasa pribadi, tetapi apa yang ditempel di sana dikirim ke
                    komputer orang lain. Sebelum menekan kirim, pikirkan tiga pihak: orang yang
                    datanya ada di dalam teks, organisasi Anda, dan pembaca hasilnya.

                    ## Orang yang datanya Anda tempel

                    Nama, nomor telepon, NIK, alamat, rekam medis, dan slip gaji adalah data
                    pribadi. Undang-Undang Pelindungan Data Pribadi (UU Nomor 27 Tahun 2022) meminta
                    dasar yang sah dan tujuan yang jelas untuk memprosesnya. "Supaya cepat" bukan
                    tujuan yang pernah disetujui pelanggan Anda. Data tertentu, seperti kesehatan
                    dan keuangan pribadi, digolongkan spesifik dan menuntut kehati-hatian lebih.

                    Menyamarkan membantu. Ganti nama dengan "Pelanggan A", hapus nomor, kaburkan
                    tanggal. Namun periksa gabungannya: "direktur perempuan satu-satunya di kantor
                    cabang Ende" tetap menunjuk satu orang.

                    Contoh penyamaran yang cukup untuk meminta bantuan menulis balasan:

                    > Asli: Ibu Ratna (0813-...), Jalan Merak 5, kecewa karena obat asmanya datang
                      tanggal 3, dua hari terlambat.
                    > Disamarkan: Seorang pelanggan kecewa karena kirimannya terlambat dua hari.

                    Yang hilang memang tidak diperlukan. Balasan yang baik menyinggung keterlambatan
                    dua hari, bukan alamat atau penyakitnya; namanya Anda tambahkan sendiri setelah
                    disalin.

                    ## Organisasi Anda

                    Rancangan anggaran, kode sumber, naskah kontrak, dan strategi harga dapat
                    menjadi rahasia dagang. Pertanyaan yang perlu dijawab sekali, oleh kantor, bukan
                    oleh tiap orang: layanan mana yang diizinkan, apakah isi percakapan dipakai
                    untuk melatih model, berapa lama disimpan, dan di negara mana. Akun perorangan
                    dan akun perusahaan sering mempunyai syarat yang berbeda meski tampilannya sama.

                    ## Pembaca hasilnya

                    Tidak setiap surel perlu catatan "ditulis dengan bantuan AI". Keterbukaan
                    menjadi penting bila pembaca akan mengambil keputusan berdasarkan anggapan bahwa
                    seorang manusia yang memeriksa: penilaian kinerja, nasihat kesehatan, berita,
                    karya ujian. Ukurannya sederhana: apakah mereka akan merasa ditipu bila tahu?

                    ## Daftar singkat sebelum menempel

                    1. Apakah ada data yang menunjuk orang tertentu? Samarkan atau jangan tempel.
                    2. Apakah layanan ini diizinkan kantor untuk jenis dokumen ini?
                    3. Apakah tugasnya benar-benar membutuhkan bagian itu? Sering kali cukup satu
                       paragraf.
                    4. Siapa yang bertanggung jawab atas hasilnya? Bila tidak ada nama, berhenti.

                    ## Kapan tidak memakai AI

                    Ada tugas yang nilainya justru pada manusia yang mengerjakannya: menyampaikan
                    kabar duka, menegur rekan, memutuskan siapa yang diberhentikan. AI boleh
                    membantu Anda berlatih menyusun kalimat. Keputusan dan kehadiran tetap milik
                    Anda.
                """,
            questions=(
                Question(
                    "medium",
                    (
                        'Mengapa "Pelanggan A, satu-satunya notaris di desa itu" belum tentu aman '
                        "ditempel?"
                    ),
                    (
                        'Karena sebutan "Pelanggan A" tetap termasuk data pribadi',
                        "Karena gabungan keterangannya masih menunjuk satu orang",
                        "Karena pekerjaan seseorang tidak boleh disebut",
                    ),
                    right=1,
                    because=(
                        "Penyamaran dinilai dari gabungannya, bukan dari satu kolom yang dihapus."
                    ),
                ),
                Question(
                    "easy",
                    (
                        "Pertanyaan mana yang sebaiknya dijawab sekali oleh kantor, bukan oleh "
                        "tiap orang?"
                    ),
                    (
                        "Layanan mana yang boleh dipakai untuk dokumen apa",
                        "Nada mana yang cocok untuk surel kepada pelanggan tertentu",
                        "Bagian mana dari hasil yang masih perlu diperiksa",
                    ),
                    right=0,
                    because=(
                        "Syarat layanan menyangkut rahasia dan hukum, jadi satu keputusan bersama "
                        "lebih aman. Nada dan pemeriksaan bergantung pada tugasnya."
                    ),
                ),
                Question(
                    "hard",
                    "Dalam keadaan mana keterbukaan soal bantuan AI paling penting?",
                    (
                        "Surel undangan rapat yang tanda bacanya diperbaiki AI",
                        "Rumus lembar kerja yang sudah Anda uji sendiri",
                        "Penilaian kinerja yang disusun AI dan dibaca atasan",
                        "Daftar ide judul yang tidak jadi dipakai",
                    ),
                    right=2,
                    because=(
                        "Atasan dan orang yang dinilai menganggap seorang manusia telah "
                        "menimbangnya. Mereka akan merasa ditipu bila tahu belakangan."
                    ),
                ),
                Question(
                    "easy",
                    (
                        "Anda ingin bantuan membalas keluhan pelanggan. Apa langkah pertama "
                        "sebelum menempelnya?"
                    ),
                    (
                        "Menerjemahkannya ke bahasa Inggris supaya jawabannya lebih baik",
                        "Menghapus keterangan yang menunjuk orangnya",
                        "Meminta model berjanji tidak menyimpan isinya",
                    ),
                    right=1,
                    because=(
                        "Data yang menunjuk orang disamarkan lebih dulu, atau tidak ditempel sama "
                        "sekali. Janji model tidak mengubah apa yang dikirim dan disimpan "
                        "layanan."
                    ),
                ),
            ),
        ),
    ),
)
