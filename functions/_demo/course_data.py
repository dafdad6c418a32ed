"""The course that is still being written: asking questions of data."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

ASKING_DATA: Final[Chapter] = Chapter(
    title="Bertanya kepada Data",
    description=("Dari lembar kerja ke pertanyaan yang dapat dijawab. Kursus ini masih disusun."),
    lessons=(
        LessonItem(
            title="Merapikan Tabel Sebelum Bertanya",
            description=(
                "Satu baris satu kejadian: bentuk tabel yang tidak membingungkan "
                "orang maupun model."
            ),
            minutes=10,
            content="""
                    Banyak pertanyaan tentang data gagal sebelum diajukan, karena tabelnya dibuat
                    untuk dicetak. Sel digabung, judul bertingkat, jumlah di tengah halaman. Manusia
                    menebak maksudnya; rumus dan model bahasa tidak selalu.

                    ## Satu baris, satu kejadian

                    Tentukan dulu apa yang diwakili satu baris: satu penjualan, satu keluhan, satu
                    hari. Lalu satu kolom untuk satu jenis keterangan. Kolom "Januari, Februari,
                    Maret" sebaiknya menjadi dua kolom: *bulan* dan *nilai*. Bentuk panjang seperti
                    ini membosankan untuk dilihat, tetapi mudah disaring, dijumlah, dan digambarkan.

                    ## Lima perapian yang paling sering perlu

                    1. Hapus baris jumlah; jumlah dihitung, bukan disimpan.
                    2. Samakan ejaan: "Jkt", "Jakarta", dan "DKI" adalah satu nilai atau tiga?
                    3. Tulis tanggal sebagai tahun-bulan-hari.
                    4. Bedakan kosong dari nol. Kosong berarti tidak tahu.
                    5. Simpan satuan di judul kolom, bukan di dalam sel.

                    Kerjakan pada salinan, dan catat setiap perubahan dalam satu lembar bernama
                    "catatan". Bila seseorang bertanya mengapa angkanya berbeda dari bulan lalu,
                    catatan itulah jawabannya.

                    ## Contoh singkat

                    Sebuah koperasi menyimpan setoran dalam dua belas lembar, satu per bulan, dengan
                    baris jumlah di tiap akhir. Pertanyaan "siapa yang setorannya turun?" memerlukan
                    satu hari. Setelah disatukan menjadi tabel panjang berisi tanggal, nomor
                    anggota, dan nilai, pertanyaan yang sama dijawab satu saringan. Merapikannya
                    memakan setengah hari, dan tidak perlu diulang bulan depan.
                """,
            questions=(
                Question(
                    "easy",
                    "Apa arti sel kosong yang paling aman?",
                    ("Nol", "Tidak diketahui", "Sama dengan sel di atasnya"),
                    right=1,
                    because="Nol adalah hasil pengukuran; kosong berarti belum diukur.",
                ),
                Question(
                    "medium",
                    "Bentuk mana yang lebih mudah disaring?",
                    (
                        "Satu kolom untuk tiap bulan",
                        "Kolom bulan dan kolom nilai",
                        "Sel bulan yang digabung",
                    ),
                    right=1,
                    because=("Bentuk panjang membuat bulan menjadi nilai yang dapat dipilih."),
                ),
            ),
        ),
        LessonItem(
            title="Meminta Rumus, Bukan Angka",
            description=("Biarkan lembar kerja yang berhitung; mintalah model menulis rumusnya."),
            minutes=9,
            content="""
                    Menempel seribu baris ke chatbot lalu meminta jumlahnya terasa praktis. Hasilnya
                    bisa salah tanpa tanda apa pun, sebab model menyusun angka yang mungkin, bukan
                    menjumlah. Mintalah sesuatu yang dapat diperiksa: rumus.

                    ## Pola permintaan

                    Sebutkan nama kolom, dua baris contoh buatan, dan hasil yang diinginkan untuk
                    contoh itu. "Kolom A tanggal, B cabang, C omzet. Tulis rumus yang menjumlah
                    omzet cabang Medan pada Maret. Untuk contoh ini hasilnya 450." Baris contoh
                    buatan menjaga data asli tetap di kantor, dan hasil yang diketahui menjadi alat
                    uji.

                    ## Menguji rumus

                    Coba pada tiga keadaan: contoh Anda, tabel tanpa baris yang cocok, dan tabel
                    dengan sel kosong. Minta model menjelaskan tiap bagian rumus. Penjelasan yang
                    tidak Anda pahami adalah rumus yang tidak dapat Anda rawat.

                    ## Bila rumusnya gagal

                    Salin pesan galatnya, sebutkan aplikasi dan bahasanya, lalu minta perbaikan
                    untuk baris yang gagal saja. Pemisah argumen berbeda menurut pengaturan: koma di
                    satu komputer, titik koma di komputer lain. Kesalahan kecil ini sering disangka
                    kesalahan berpikir.
                """,
            questions=(
                Question(
                    "easy",
                    "Mengapa meminta rumus lebih aman daripada meminta jumlah?",
                    (
                        "Rumus dapat diuji dan dihitung ulang oleh lembar kerja",
                        "Rumus lebih pendek",
                        "Model dilarang menulis angka",
                    ),
                    right=0,
                    because=(
                        "Lembar kerja menghitung dengan pasti; rumusnya dapat Anda baca dan uji."
                    ),
                ),
                Question(
                    "medium",
                    "Apa guna baris contoh buatan?",
                    (
                        "Membuat prompt panjang",
                        "Data asli tidak keluar dan hasilnya sudah diketahui",
                        "Menghemat kolom",
                    ),
                    right=1,
                    because=("Contoh dengan hasil yang diketahui sekaligus menjadi alat uji."),
                ),
            ),
        ),
        LessonItem(
            title="Grafik yang Tidak Menyesatkan",
            description="Tiga keputusan kecil yang menentukan apakah sebuah grafik jujur.",
            minutes=8,
            content="""
                    Grafik yang sama dapat menenangkan atau menakutkan, tergantung sumbu tegaknya.
                    Tiga keputusan berikut patut diperiksa sebelum grafik keluar dari meja Anda.

                    ## Titik nol

                    Batang harus mulai dari nol, sebab panjangnya adalah pesannya. Garis boleh
                    tidak, asal sumbunya terbaca jelas.

                    ## Rentang waktu

                    Dua bulan selalu dapat diceritakan sebagai kenaikan atau penurunan. Tampilkan
                    rentang yang cukup panjang untuk memuat musim, misalnya Ramadan atau libur
                    sekolah.

                    ## Pembanding

                    "Keluhan naik 40" tidak berarti apa-apa tanpa jumlah pelanggan. Tunjukkan per
                    seribu pelanggan bila jumlah pelanggan juga berubah.

                    Ketika meminta AI membuat grafik, sebutkan ketiganya di dalam permintaan, lalu
                    baca judulnya: apakah judul itu menyatakan apa yang terlihat, atau apa yang Anda
                    harapkan?

                    ## Coba sendiri

                    Buka grafik terakhir yang Anda kirim. Tutup judulnya, lalu minta rekan
                    menuliskan apa yang ia lihat. Bila tulisannya berbeda dari judul Anda, salah
                    satu dari keduanya perlu berubah.
                """,
            questions=(
                Question(
                    "easy",
                    "Mengapa grafik batang perlu mulai dari nol?",
                    (
                        "Supaya cukup tempat",
                        "Karena panjang batang adalah pesannya",
                        "Karena aturan lembar kerja",
                    ),
                    right=1,
                    because="Batang yang dipotong membuat selisih kecil tampak besar.",
                ),
                Question(
                    "medium",
                    'Apa yang kurang dari "keluhan naik 40"?',
                    ("Pembanding, misalnya jumlah pelanggan", "Warna", "Nama pembuat grafik"),
                    right=0,
                    because=("Tanpa pembanding kita tidak tahu apakah keluhan makin sering."),
                ),
            ),
        ),
    ),
)
