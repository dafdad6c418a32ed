"""The course that is still being written: asking questions of data."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

ASKING_DATA: Final[Chapter] = Chapter(
    title="Bertanya kepada Data",
    description="Dari lembar kerja ke pertanyaan yang dapat dijawab. Kursus ini masih disusun.",
    lessons=(
        LessonItem(
            title="Merapikan Tabel Sebelum Bertanya",
            description=(
                "Satu baris satu kejadian: bentuk tabel yang tidak membingungkan orang maupun "
                "model."
            ),
            minutes=11,
            content="""
                    Banyak pertanyaan tentang data gagal sebelum diajukan, karena tabelnya dibuat
                    untuk dicetak. Sel digabung, judul bertingkat, jumlah di tengah halaman. Manusia
                    menebak maksudnya; rumus dan model bahasa tidak selalu.

                    ## Satu baris, satu kejadian

                    Tentukan dulu apa yang diwakili satu baris: satu penjualan, satu keluhan, satu
                    hari. Lalu satu kolom untuk satu jenis keterangan. Kolom "Januari, Februari,
                    Maret" sebaiknya menjadi dua kolom: *bulan* dan *nilai*. Bentuk panjang seperti
                    ini membosankan untuk dilihat, tetapi mudah disaring, dijumlah, dan digambarkan.

                    Bentuk untuk dicetak:

                    | Cabang | Jan | Feb | Jumlah |
                    |---|---|---|---|
                    | Medan | 120 | 135 | 255 |
                    | Ende | 80 | | 80 |

                    Bentuk untuk ditanya:

                    | cabang | bulan | omzet_juta_rupiah |
                    |---|---|---|
                    | Medan | 2025-01 | 120 |
                    | Medan | 2025-02 | 135 |
                    | Ende | 2025-01 | 80 |
                    | Ende | 2025-02 | |

                    Di tabel kedua, sel kosong milik Ende menjadi pertanyaan: belum dilaporkan, atau
                    cabangnya tutup? Di tabel pertama pertanyaan itu tertutup oleh kolom jumlah.

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

                    ## Meminta bantuan tanpa menyerahkan isi

                    Model tidak perlu melihat data anggota untuk menolong. Ia cukup tahu judul
                    kolomnya.

                    > Judul kolom saya: Cabang, Jan, Feb, Mar, Jumlah. Jelaskan langkah di lembar
                      kerja untuk mengubahnya menjadi tabel panjang: cabang, bulan, nilai. Pakai
                      tiga baris contoh karangan. Sebutkan langkah mana yang dapat menghapus atau
                      mengubah isi.

                    Baca jawabannya dengan dua kecurigaan. Apakah kolom Jumlah ikut dilipat sehingga
                    menjadi "bulan" keempat? Apakah sel kosong berubah menjadi nol? Keduanya tidak
                    menimbulkan pesan galat.

                    ## Tiga angka setelah merapikan

                    - **Jumlah baris.** Dua puluh cabang dan tiga bulan harus menjadi 60 baris.
                    - **Total.** Jumlah seluruh nilai sama dengan total tabel lama, tanpa kolom
                      Jumlah.
                    - **Nilai unik.** Daftar nama cabang tetap dua puluh; angka 21 berarti ada ejaan
                      yang terlewat.
                """,
            questions=(
                Question(
                    "easy",
                    (
                        "Sel omzet cabang Ende pada Februari kosong. Bagaimana memperlakukannya "
                        "sebelum ada keterangan?"
                    ),
                    (
                        "Mengisinya dengan nol supaya dapat dijumlah",
                        "Menyalin nilai Januari",
                        "Membiarkannya kosong dan menanyakannya",
                    ),
                    right=2,
                    because=(
                        "Nol berarti diukur dan hasilnya nol. Kosong berarti belum diketahui, dan "
                        "hanya orang cabang yang dapat menjawabnya."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Anda ingin mencari cabang yang omzetnya turun dua bulan berturut-turut. "
                        "Bentuk mana yang paling menolong?"
                    ),
                    (
                        "Satu kolom bulan dan satu kolom nilai",
                        "Satu lembar untuk tiap bulan, dengan baris jumlah di bawahnya",
                        "Dua belas kolom bulan di bawah judul bertingkat",
                    ),
                    right=0,
                    because=(
                        "Dalam bentuk panjang, bulan adalah nilai yang dapat diurutkan dan "
                        "dibandingkan. Dalam dua bentuk lain, bulan tersembunyi di nama lembar "
                        "atau judul."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "Dua puluh cabang dan tiga bulan dilipat menjadi tabel panjang. Hasilnya "
                        "80 baris. Apa yang paling mungkin terjadi?"
                    ),
                    (
                        "Sel kosong ikut terhapus",
                        "Kolom Jumlah ikut dilipat sebagai bulan keempat",
                        "Ejaan nama cabang disamakan",
                        "Setiap tanggal ditulis ulang sebagai tahun-bulan-hari",
                    ),
                    right=1,
                    because=(
                        "Empat kali dua puluh adalah 80, jadi ada satu kolom terlalu banyak. "
                        "Menghapus sel kosong justru mengurangi baris; ejaan dan tanggal tidak "
                        "mengubah jumlahnya."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Meminta Rumus, Bukan Angka",
            description="Biarkan lembar kerja yang berhitung; mintalah model menulis rumusnya.",
            minutes=11,
            content="""
                    Menempel seribu baris ke chatbot lalu meminta jumlahnya terasa praktis. Hasilnya
                    bisa salah tanpa tanda apa pun, sebab model menyusun angka yang mungkin, bukan
                    menjumlah. Mintalah sesuatu yang dapat diperiksa: rumus.

                    ## Pola permintaan

                    Sebutkan nama kolom, beberapa baris contoh buatan, dan hasil yang diinginkan
                    untuk contoh itu.

                    > Kolom A tanggal, B cabang, C omzet. Pemisah argumen titik koma. Tulis rumus
                      yang menjumlah omzet cabang Medan selama Maret 2025. Untuk contoh di bawah,
                      hasilnya harus 450. Jelaskan tiap syarat dalam satu kalimat.

                    | tanggal | cabang | omzet |
                    |---|---|---|
                    | 2025-02-28 | Medan | 100 |
                    | 2025-03-01 | Medan | 200 |
                    | 2025-03-15 | Ende | 70 |
                    | 2025-03-31 | Medan | 250 |

                    Perhatikan pilihan barisnya: sehari sebelum Maret, hari pertama, hari terakhir,
                    dan satu cabang lain. Kesalahan rumus paling sering bersembunyi di tepi, bukan
                    di tengah. Baris contoh buatan menjaga data asli tetap di kantor, dan hasil yang
                    diketahui menjadi alat uji.

                    ## Membaca jawabannya

                    Jawaban yang baik kira-kira seperti ini:

                    > `=SUMIFS(C:C;B:B;"Medan";A:A;">="&DATE(2025;3;1);A:A;"<"&DATE(2025;4;1))`

                    Syarat terakhir berbunyi "sebelum 1 April", bukan "sampai 31 Maret".
                    Perbedaannya penting bila kolom tanggal juga memuat jam. Bagi lembar kerja, 31
                    Maret pukul 14.30 lebih besar daripada 31 Maret, sehingga syarat "sampai 31
                    Maret" melewatkannya tanpa peringatan.

                    ## Menguji rumus

                    Coba pada tiga keadaan: contoh Anda, tabel tanpa baris yang cocok, dan tabel
                    dengan sel kosong. Minta model menjelaskan tiap bagian rumus. Penjelasan yang
                    tidak Anda pahami adalah rumus yang tidak dapat Anda rawat.

                    | Keadaan | Hasil yang diharapkan |
                    |---|---|
                    | Tabel contoh apa adanya | 450 |
                    | Omzet Ende dikosongkan | tetap 450 |
                    | Cabang "Kupang", yang tidak ada | 0 |
                    | "Medan " dengan spasi di belakang | baris itu tidak terjumlah |

                    Baris terakhir menjelaskan mengapa ejaan dirapikan lebih dulu. Rumus ini memberi
                    0 bila tidak ada baris yang cocok. Putuskan apakah pembaca laporan akan
                    membacanya sebagai "omzet nol" atau "tidak ada data", dan beri keterangan bila
                    keduanya perlu dibedakan.

                    ## Bila rumusnya gagal

                    Salin pesan galatnya, sebutkan aplikasi dan bahasanya, lalu minta perbaikan
                    untuk baris yang gagal saja. Pemisah argumen berbeda menurut pengaturan: koma di
                    satu komputer, titik koma di komputer lain. Kesalahan kecil ini sering disangka
                    kesalahan berpikir.

                    ## Coba sendiri

                    Pilih satu angka di laporan bulanan Anda. Tulis empat baris contoh yang
                    menyentuh tepinya, hitung hasilnya dengan tangan, lalu minta rumusnya.
                """,
            questions=(
                Question(
                    "easy",
                    "Mengapa meminta rumus lebih aman daripada meminta jumlahnya?",
                    (
                        "Rumus memakai lebih sedikit token",
                        "Rumus dapat dibaca, diuji, dan dihitung ulang",
                        "Model tidak pernah salah menulis rumus",
                    ),
                    right=1,
                    because=(
                        "Rumus pun dapat keliru, tetapi kekeliruannya terlihat: Anda dapat "
                        "mengujinya pada contoh, dan lembar kerja yang menghitung."
                    ),
                ),
                Question(
                    "medium",
                    "Apa dua kegunaan baris contoh buatan yang hasilnya sudah diketahui?",
                    (
                        "Mempersingkat prompt dan mempercepat jawaban",
                        "Melatih model dan menyimpan rumusnya",
                        "Menjaga data asli dan menjadi alat uji",
                    ),
                    right=2,
                    because=(
                        "Data pelanggan tidak keluar dari kantor, dan hasil yang sudah dihitung "
                        "dengan tangan menunjukkan apakah rumusnya benar."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "Transaksi 31 Maret pukul 14.30 tidak ikut terjumlah. Syarat mana yang "
                        "menjadi penyebab?"
                    ),
                    (
                        "Tanggal kurang dari atau sama dengan 31 Maret",
                        "Tanggal lebih dari atau sama dengan 1 Maret",
                        "Tanggal kurang dari 1 April",
                    ),
                    right=0,
                    because=(
                        "Tanggal tanpa jam berarti tengah malam. Pukul 14.30 lebih besar daripada "
                        'itu, jadi tersaring keluar; "kurang dari 1 April" tetap memuatnya.'
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Grafik yang Tidak Menyesatkan",
            description="Tiga keputusan kecil yang menentukan apakah sebuah grafik jujur.",
            minutes=10,
            content="""
                    Grafik yang sama dapat menenangkan atau menakutkan, tergantung sumbu tegaknya.
                    Tiga keputusan berikut patut diperiksa sebelum grafik keluar dari meja Anda.

                    ## Titik nol

                    Batang harus mulai dari nol, sebab panjangnya adalah pesannya. Omzet 96 dan 100
                    berbeda sekitar empat persen. Bila sumbunya mulai dari 95, batang pertama
                    sepanjang satu satuan dan batang kedua lima satuan: pembaca melihat lima kali
                    lipat. Garis boleh tidak mulai dari nol, karena yang dibaca adalah naik
                    turunnya, asal angka sumbunya jelas.

                    ## Rentang waktu

                    Dua bulan selalu dapat diceritakan sebagai kenaikan atau penurunan. Tampilkan
                    rentang yang cukup panjang untuk memuat musim, misalnya libur sekolah. Hati-hati
                    membandingkan bulan yang sama antartahun: Ramadan dan Lebaran maju sekitar
                    sebelas hari setiap tahun, jadi April tahun ini belum tentu sebanding dengan
                    April tahun lalu.

                    ## Pembanding

                    "Keluhan naik 40" belum berarti apa-apa tanpa jumlah pelanggan.

                    | | Januari | Juni |
                    |---|---|---|
                    | Keluhan | 200 | 240 |
                    | Pelanggan | 10.000 | 15.000 |
                    | Keluhan per 1.000 pelanggan | 20 | 16 |

                    Jumlahnya naik seperlima, tetapi peluang seorang pelanggan mengeluh turun
                    seperlima. Keduanya benar. Untuk merencanakan jumlah petugas, pakai baris
                    pertama; untuk menilai mutu layanan, baris ketiga.

                    ## Menuliskannya dalam permintaan

                    > Dari tabel bulanan ini, jelaskan cara membuat grafik garis keluhan per 1.000
                      pelanggan selama 24 bulan. Beri judul netral yang menyebut ukuran dan
                      rentangnya. Lalu tulis tiga hal yang tidak boleh disimpulkan dari grafik ini.

                    Daftar di akhir adalah bagian yang paling berguna. Bila model menulis "grafik
                    ini tidak menunjukkan sebabnya", pindahkan kalimat itu ke bawah grafik. Bila ia
                    tetap menyebut sebab, misalnya "karena layanan baru", hapus: sebab tidak ada di
                    tabel Anda. Periksa pula judulnya: apakah ia menyatakan apa yang terlihat, atau
                    apa yang Anda harapkan?

                    ## Kasus: satu tabel, dua rapat

                    Sebuah perusahaan air minum daerah melaporkan "gangguan turun 30 persen" dengan
                    grafik tiga bulan. Rapat berikutnya memakai 24 bulan dari tabel yang sama.
                    Ternyata gangguan selalu turun pada musim kemarau dan naik lagi saat hujan;
                    penurunan kali ini sama besar dengan tahun sebelumnya. Perbaikan pipa mungkin
                    berhasil, tetapi grafik pertama tidak dapat menunjukkannya. Yang dapat
                    menunjukkannya adalah perbandingan antara wilayah yang pipanya sudah diganti dan
                    yang belum, pada musim yang sama.

                    ## Coba sendiri

                    Buka grafik terakhir yang Anda kirim. Tutup judulnya, lalu minta rekan
                    menuliskan apa yang ia lihat. Bila tulisannya berbeda dari judul Anda, salah
                    satu dari keduanya perlu berubah.
                """,
            questions=(
                Question(
                    "easy",
                    (
                        "Sebuah grafik batang menampilkan 96 dan 100 dengan sumbu yang mulai dari "
                        "95. Apa kesan pembaca?"
                    ),
                    (
                        "Kenaikannya sekitar empat persen",
                        "Keduanya hampir sama",
                        "Nilai kedua lima kali nilai pertama",
                    ),
                    right=2,
                    because=(
                        "Mata membandingkan panjang batang: satu satuan melawan lima. Karena itu "
                        "batang harus mulai dari nol."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Pelanggan naik dari 10.000 menjadi 15.000, keluhan dari 200 menjadi 240. "
                        "Apa yang boleh dikatakan tentang mutu layanan?"
                    ),
                    (
                        "Keluhan per seribu pelanggan turun dari 20 menjadi 16",
                        "Mutu memburuk, karena keluhannya bertambah seperlima",
                        "Belum ada yang dapat dikatakan tanpa data bulan lain",
                    ),
                    right=0,
                    because=(
                        "Pembandingnya adalah jumlah pelanggan. Angka 40 berguna untuk "
                        "merencanakan petugas, bukan untuk menilai mutu."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Mengapa penjualan April tahun ini tidak selalu sebanding dengan April "
                        "tahun lalu?"
                    ),
                    (
                        "Karena jumlah hari pada bulan April berubah-ubah",
                        "Karena Ramadan dan Lebaran bergeser setiap tahun",
                        "Karena grafik garis tidak mulai dari nol",
                    ),
                    right=1,
                    because=(
                        "Musim yang mengikuti kalender Hijriah maju sekitar sebelas hari setiap "
                        "tahun, sehingga dapat pindah ke bulan lain."
                    ),
                ),
            ),
        ),
    ),
)
